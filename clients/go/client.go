// Package client asks Origin Gate about orders: is one within the USMCA e-Cert rule, what is its verified e-Cert ID, and
// is it eligible for the pre-review.
//
// A wrong order is an answer with findings. An error means that no answer could be given; it is an [*Error] with a
// stable reason.
package client

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/protobuf/proto"

	origingatev1 "origingate.dev/client/origingate/v1"
)

// DefaultDeadline is the time that a call may take when neither its context nor [WithDeadline] says otherwise.
const DefaultDeadline = 10 * time.Second

// DefaultAttempts is how often a call that is safe to repeat is made at most when [WithAttempts] does not say otherwise.
const DefaultAttempts = 4

// reconnecting comes back soon to a server that was away.
var reconnecting = grpc.ConnectParams{
	Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 2 * time.Second},
	MinConnectTimeout: 5 * time.Second,
}

// alive asks a connection on which a call waits, and that was silent so long, for a sign of life: a server whose machine or
// network went without a word is left for another. A watch's heartbeats come more often, so that it asks for nothing.
var alive = keepalive.ClientParameters{Time: 20 * time.Second, Timeout: 10 * time.Second}

// Client speaks to one Origin Gate. It is safe for use by many goroutines at once and is meant to be kept: make one for a
// program, not one for a call.
type Client struct {
	connection   *grpc.ClientConn
	screening    origingatev1.ScreeningServiceClient
	certificates origingatev1.CertificateServiceClient
	cases        origingatev1.CaseServiceClient
}

type settings struct {
	credentials credentials.TransportCredentials
	key         string
	deadline    time.Duration
	attempts    int
	holdsForm   bool
	dial        []grpc.DialOption
}

// Option changes how [Connect] makes a client.
type Option func(*settings)

// WithPlaintext speaks without TLS. Use it on loopback, or where something else encrypts the way.
func WithPlaintext() Option {
	return WithTransportCredentials(insecure.NewCredentials())
}

// WithTransportCredentials sets how the connection is secured. Without it TLS is used, with the system's roots.
func WithTransportCredentials(credentials credentials.TransportCredentials) Option {
	return func(s *settings) { s.credentials = credentials }
}

// WithTLS speaks TLS and trusts the authorities of a PEM text; nil: the system's. A certificate is shown where one is given:
// [tls.LoadX509KeyPair] reads it. The error says that the text has no authority in it.
func WithTLS(authorities []byte, certificates ...tls.Certificate) (Option, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: certificates}
	if authorities != nil {
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(authorities) {
			return nil, errors.New("there is no certificate of an authority in the PEM text")
		}
	}
	return WithTransportCredentials(credentials.NewTLS(config)), nil
}

// WithAPIKey shows an API key, or a token of an issuer that the server believes, with every call. With [WithPlaintext] it is
// sent in the open: on loopback, or where something else encrypts the way.
func WithAPIKey(key string) Option {
	return func(s *settings) { s.key = key }
}

// WithDeadline sets the time that a call may take when its context has no deadline. ProcessOrder waits for the platform
// until shortly before it. A limit of zero or less sets none; a call may then wait for ever.
func WithDeadline(limit time.Duration) Option {
	return func(s *settings) { s.deadline = limit }
}

// WithAttempts sets how often a call that is safe to repeat is made at most while no server can be reached; gRPC makes five
// at most. One: nothing is repeated.
func WithAttempts(attempts int) Option {
	return func(s *settings) { s.attempts = attempts }
}

// WithFormLeftToServer sends every request as it is. Without it, what the contract refuses is not sent: see [Validate]. It is
// for a client that is older than its server, should a rule of form ever be loosened.
func WithFormLeftToServer() Option {
	return func(s *settings) { s.holdsForm = false }
}

// WithDialOptions adds options of gRPC itself, e.g. interceptors, which see errors as gRPC gives them, or the handler of
// OpenTelemetry's otelgrpc, with which a trace goes on in the server.
func WithDialOptions(options ...grpc.DialOption) Option {
	return func(s *settings) { s.dial = append(s.dial, options...) }
}

// Connect makes a client of the server at target, "host:port" or any other name that gRPC resolves. It does not wait for
// the server: the first call connects. The error is about the target or the options only.
func Connect(target string, options ...Option) (*Client, error) {
	s := settings{credentials: credentials.NewTLS(nil), deadline: DefaultDeadline, attempts: DefaultAttempts, holdsForm: true}
	for _, option := range options {
		option(&s)
	}
	unary := []grpc.UnaryClientInterceptor{typedErrors, withDeadline(s.deadline)}
	if s.holdsForm {
		unary = append(unary, holdForm)
	}
	dial := append([]grpc.DialOption{
		grpc.WithTransportCredentials(s.credentials),
		grpc.WithChainUnaryInterceptor(unary...),
		grpc.WithChainStreamInterceptor(typedStream),
		grpc.WithDefaultServiceConfig(serviceConfig(s.attempts)),
		grpc.WithConnectParams(reconnecting),
		grpc.WithKeepaliveParams(alive),
	}, s.dial...)
	if s.key != "" {
		open := s.credentials.Info().SecurityProtocol == insecure.NewCredentials().Info().SecurityProtocol
		dial = append(dial, grpc.WithPerRPCCredentials(apiKey{key: s.key, open: open}))
	}
	connection, err := grpc.NewClient(target, dial...)
	if err != nil {
		return nil, err
	}
	return &Client{
		connection:   connection,
		screening:    origingatev1.NewScreeningServiceClient(connection),
		certificates: origingatev1.NewCertificateServiceClient(connection),
		cases:        origingatev1.NewCaseServiceClient(connection),
	}, nil
}

// Close ends the connection. Calls that still wait fail.
func (c *Client) Close() error {
	return c.connection.Close()
}

// Connection returns the connection itself, for services that this package has no method for, such as gRPC health.
func (c *Client) Connection() grpc.ClientConnInterface {
	return c.connection
}

// Screening returns the stub of all that decides without buying anything. Its calls have the client's deadline, key and
// errors, as those of all stubs here.
func (c *Client) Screening() origingatev1.ScreeningServiceClient { return c.screening }

// Certificates returns the stub of certificates and their ledgers.
func (c *Client) Certificates() origingatev1.CertificateServiceClient { return c.certificates }

// Cases returns the stub of an order's life, stage by stage.
func (c *Client) Cases() origingatev1.CaseServiceClient { return c.cases }

// Evidence returns the stub of receipts, decisions explained again, and exports.
func (c *Client) Evidence() origingatev1.EvidenceServiceClient {
	return origingatev1.NewEvidenceServiceClient(c.connection)
}

// NewRequestID returns an id for a ProcessOrderRequest that nobody used before.
func NewRequestID() string {
	return rand.Text()
}

// ProcessOrder takes an order through all stages: scope, certification, certificate, pre-review.
//
// The request_id makes a call safe to repeat: the same id with the same content never buys a second certificate. An order
// system that retries sets its own and keeps it with the order. A request without one is sent with a new one, as a copy;
// should the call fail, [Error.RequestID] tells which.
func (c *Client) ProcessOrder(
	ctx context.Context, request *origingatev1.ProcessOrderRequest,
) (*origingatev1.ProcessOrderResponse, error) {
	if request.GetRequestId() == "" {
		request = proto.CloneOf(request)
		request.RequestId = NewRequestID()
	}
	response, err := c.cases.ProcessOrder(ctx, request)
	return response, withRequestID(err, request.GetRequestId())
}

// GetCase returns a case as it stands now. The reason is CASE_NOT_FOUND where there is none.
func (c *Client) GetCase(ctx context.Context, name string) (*origingatev1.Case, error) {
	response, err := c.cases.GetCase(ctx, &origingatev1.GetCaseRequest{Name: name})
	return response.GetCase(), err
}

// CheckScope says whether a site and order are within the rule. Nothing is bought, and no case is opened.
func (c *Client) CheckScope(
	ctx context.Context, request *origingatev1.CheckScopeRequest,
) (*origingatev1.Decision, error) {
	response, err := c.screening.CheckScope(ctx, request)
	return response.GetScope(), err
}

// DecidePreReview says whether an order would be eligible for the pre-review. Nothing is bought, and no case is opened.
func (c *Client) DecidePreReview(
	ctx context.Context, request *origingatev1.DecidePreReviewRequest,
) (*origingatev1.DecidePreReviewResponse, error) {
	return c.screening.DecidePreReview(ctx, request)
}

// VerifyCertificate verifies a certificate in five parts that are never mixed. A bad certificate is an answer, not an
// error.
func (c *Client) VerifyCertificate(
	ctx context.Context, request *origingatev1.VerifyCertificateRequest,
) (*origingatev1.VerifyCertificateResponse, error) {
	return c.certificates.VerifyCertificate(ctx, request)
}

func withDeadline(limit time.Duration) grpc.UnaryClientInterceptor {
	return func(
		ctx context.Context, method string, request, reply any,
		connection *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption,
	) error {
		if _, given := ctx.Deadline(); !given && limit > 0 {
			limited, cancel := context.WithTimeout(ctx, limit)
			defer cancel()
			ctx = limited
		}
		return invoke(ctx, method, request, reply, connection, options...)
	}
}
