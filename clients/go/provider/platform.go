package main

import (
	"fmt"
	"sync"
	"time"
)

const life = 365 * 24 * time.Hour

// certificate is what the platform issued.
type certificate struct {
	eCertID   string
	reference string
	digest    string
	proof     string
	expires   time.Time
	revoked   bool
	replaced  bool
}

// platform issues certificates in memory. What it issues says that it is a sandbox's: it certifies nothing.
type platform struct {
	signer *signer
	now    func() time.Time

	mutex       sync.Mutex
	byReference map[string]*certificate
	byID        map[string]*certificate
}

func newPlatform(now func() time.Time) (*platform, error) {
	signer, err := newSigner()
	if err != nil {
		return nil, err
	}
	return &platform{
		signer:      signer,
		now:         now,
		byReference: map[string]*certificate{},
		byID:        map[string]*certificate{},
	}, nil
}

// issue gives the certificate of a reference, and whether it is another reference's: there is one in force for the
// same content. The same reference again gets what it got.
func (p *platform) issue(reference, digest string) (found certificate, duplicate bool, err error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if known, there := p.byReference[reference]; there {
		return *known, false, nil
	}
	return p.certify(reference, digest, nil)
}

// replace issues in the place of a certificate that is in force, in one step, as issue does; ended says that it is not in
// force, or not there.
func (p *platform) replace(reference, digest, eCertID string) (found certificate, duplicate, ended bool, err error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if known, there := p.byReference[reference]; there {
		return *known, false, false, nil
	}
	old, there := p.byID[eCertID]
	if !there || !p.active(old) {
		return certificate{}, false, true, nil
	}
	found, duplicate, err = p.certify(reference, digest, old)
	if err == nil && !duplicate {
		old.replaced = true
	}
	return found, duplicate, false, err
}

// certify makes a certificate, unless there is one in force for the same content that is not the one to be replaced.
func (p *platform) certify(reference, digest string, old *certificate) (found certificate, duplicate bool, err error) {
	for _, other := range p.byReference {
		if other.digest == digest && p.active(other) && other != old {
			return *other, true, nil
		}
	}
	issued := &certificate{
		eCertID:   fmt.Sprintf("EXAMPLE-%06d", len(p.byReference)+1),
		reference: reference,
		digest:    digest,
		expires:   p.now().Add(life),
	}
	issued.proof, err = p.signer.sign(map[string]any{
		"iss": issuer, "iat": p.now().Unix(), "exp": issued.expires.Unix(),
		"e_cert_id": issued.eCertID, "reference": reference, "declaration_digest": digest,
		"sandbox": true,
	})
	if err != nil {
		return certificate{}, false, err
	}
	p.byReference[reference], p.byID[issued.eCertID] = issued, issued
	return *issued, false, nil
}

func (p *platform) findReference(reference string) (certificate, bool) {
	return p.find(p.byReference, reference)
}

func (p *platform) findID(eCertID string) (certificate, bool) { return p.find(p.byID, eCertID) }

func (p *platform) find(among map[string]*certificate, name string) (certificate, bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if found, there := among[name]; there {
		return *found, true
	}
	return certificate{}, false
}

// void takes a certificate out of force, and says whether there is one.
func (p *platform) void(eCertID string) bool {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	found, there := p.byID[eCertID]
	if there && !found.replaced {
		found.revoked = true
	}
	return there
}

func (p *platform) active(one *certificate) bool {
	return !one.revoked && !one.replaced && p.now().Before(one.expires)
}
