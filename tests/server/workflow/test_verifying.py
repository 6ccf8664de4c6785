"""Five questions about a certificate that are never mixed; "not asked" is never good."""

from dataclasses import replace

import pytest

from engine.certificate import CertificateStatus, ECertId
from engine.platform import NotFound, StatusAnswer, Unknown
from engine.verification import Verdict, Verification
from server.errors import CertificateNotFound
from server.platforms import Platforms
from server.wire.requests import read
from server.workflow.verifying import KEPT_KEY, Verifying, Wanted
from tests.server.workflow.blanket import Request, blanket, under
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import TENANT, Change, House, as_it_is, more_of_it, order

GOOD, BAD, NOT_EXAMINED = Verdict.GOOD, Verdict.BAD, Verdict.NOT_EXAMINED


async def wanted(house: House, change: Change = as_it_is) -> Wanted:
    """The certificate of the first example, to be verified for that order, changed."""
    e_cert_id = (await house.process(order())).e_cert_id or ""
    intake = house.intake(order(change=change))
    return Wanted(TENANT, e_cert_id, "", "", intake.content, (intake.site_id, intake.order_id))


async def verified(house: House, wanted: Wanted, platforms: Platforms | None = None) -> Verification:
    """The five parts."""
    verifying = Verifying(house.store, platforms or house.platforms, house.clock, patience=0.2)
    return await verifying.verify(wanted)


def verdicts(found: Verification) -> list[Verdict]:
    """Transport, document, status, match, use."""
    parts = (found.transport, found.document, found.status, found.match, found.use)
    return [part.verdict for part in parts]


async def test_good(house: House) -> None:
    """A certificate in force, for this order, is good in all five."""
    found = await verified(house, await wanted(house))
    assert [GOOD] * 5 == verdicts(found)
    assert (CertificateStatus.ACTIVE, house.clock.now) == (found.status_told, found.status_at)


async def test_not_asked(house: House) -> None:
    """What is not asked is not examined."""
    asked = replace(await wanted(house), content=None, order=None)
    assert [GOOD, GOOD, GOOD, NOT_EXAMINED, NOT_EXAMINED] == verdicts(await verified(house, asked))


async def test_other_content(house: House) -> None:
    """For other content it does not match, and each difference is named."""
    found = await verified(house, await wanted(house, more_of_it))
    assert [GOOD, GOOD, GOOD, BAD, GOOD] == verdicts(found)
    assert ["line 2, quantity: was 4, is 40"] == list(map(str, found.differences))


async def test_other_order(house: House) -> None:
    """For another order it was used already, by the case that is named."""
    found = await verified(house, replace(await wanted(house), order=("aceros-shop", "AN-2")))
    assert (BAD, True) == (found.use.verdict, "It serves another order, cases/" in found.use.because)


async def test_revoked(house: House, fake: Faulty) -> None:
    """A revoked certificate is bad in its status alone."""
    asked = await wanted(house)
    fake.statuses[ECertId(asked.e_cert_id)] = CertificateStatus.REVOKED
    assert [GOOD, GOOD, BAD, GOOD, GOOD] == verdicts(await verified(house, asked))


@pytest.mark.parametrize(
    ("told", "transport", "status"), [(NotFound(), GOOD, BAD), (Unknown("lost"), BAD, NOT_EXAMINED)]
)
async def test_not_told(
    house: House, fake: Faulty, told: StatusAnswer, transport: Verdict, status: Verdict
) -> None:
    """A platform that answers and does not know it, and one that does not answer, are two things."""
    asked = await wanted(house)
    fake.scripted_statuses.append(told)
    assert [transport, GOOD, status, GOOD, GOOD] == verdicts(await verified(house, asked))


async def test_silent(house: House, fake: Faulty) -> None:
    """A platform that does not answer in time leaves the status unexamined."""
    asked = await wanted(house)
    fake.awake.clear()
    assert [BAD, GOOD, NOT_EXAMINED, GOOD, GOOD] == verdicts(await verified(house, asked))


async def test_platform_not_set_up(house: House) -> None:
    """Without its platform nothing can be examined but whose it is."""
    found = await verified(house, await wanted(house), Platforms(()))
    assert [NOT_EXAMINED, NOT_EXAMINED, NOT_EXAMINED, NOT_EXAMINED, GOOD] == verdicts(found)


async def test_forged(house: House) -> None:
    """A proof that the caller brings, and that does not hold, is bad, and matches nothing."""
    asked = await wanted(house)
    forged = replace(asked, proof="eyJhbGciOiJub25lIn0.e30.", platform="fake")
    assert [GOOD, BAD, GOOD, NOT_EXAMINED, GOOD] == verdicts(await verified(house, forged))


async def test_key_retired(house: House, fake: Faulty) -> None:
    """The key that verified a certificate is kept with it: its proof holds when the platform has retired the key."""
    asked = await wanted(house)
    fake.keys_known = False
    found = await verified(house, asked)
    assert [GOOD] * 5 == verdicts(found)
    assert KEPT_KEY in found.document.because


async def test_keys_unknown(house: House, fake: Faulty) -> None:
    """Without the platform's keys another proof than the one that we kept is neither good nor bad."""
    asked = await wanted(house)
    fake.keys_known = False
    issued = fake.issue(fake.submissions[0])
    found = await verified(house, replace(asked, proof=issued.proof))
    assert [GOOD, NOT_EXAMINED, GOOD, NOT_EXAMINED, GOOD] == verdicts(found)


async def test_of_nobody(house: House) -> None:
    """A certificate that neither our records nor the caller know anything of is refused; another tenant's too."""
    asked = await wanted(house)
    with pytest.raises(CertificateNotFound):
        await verified(house, replace(asked, e_cert_id="FAKE-99"))
    with pytest.raises(CertificateNotFound):
        await verified(house, replace(asked, tenant="other"))


async def test_not_in_our_records(house: House, fake: Faulty) -> None:
    """With its proof and platform a certificate is examined that our records lack; whether it was used is not known."""
    asked = await wanted(house)
    certificate = (await house.process(order())).view.certificate
    assert certificate is not None
    found = await verified(house, replace(asked, tenant="other", platform="fake", proof=certificate.proof))
    assert [GOOD, GOOD, GOOD, GOOD, NOT_EXAMINED] == verdicts(found)


async def under_blanket(house: House, change: Change = as_it_is) -> Wanted:
    """A blanket certificate, to be verified for another order, changed."""
    e_cert_id = (await house.process(blanket())).e_cert_id or ""
    request = under(e_cert_id)
    change(request)
    return Wanted(TENANT, e_cert_id, "", "", None, ("aceros-shop", "UNDER-1"), read(request).facts)


@pytest.mark.parametrize(
    ("quantity", "hs", "match", "use"),
    [
        ("90", "721320", GOOD, GOOD),
        ("90.1", "721320", NOT_EXAMINED, BAD),
        ("90", "847130", BAD, NOT_EXAMINED),
        ("90", "7213", NOT_EXAMINED, NOT_EXAMINED),
    ],
)
async def test_blanket_for_another_order(
    house: House, quantity: str, hs: str, match: Verdict, use: Verdict
) -> None:
    """A blanket certificate matches an order by goods and period, and is free for it by what is left."""

    def change(request: Request) -> None:
        line = request.order.lines.items[0]
        line.quantity.value, line.hs = quantity, hs

    found = await verified(house, await under_blanket(house, change))
    assert [GOOD, GOOD, GOOD, match, use] == verdicts(found)


async def test_blanket_says_what_is_left(house: House) -> None:
    """Where too little is left, the use says how much."""
    change = lambda request: setattr(request.order.lines.items[0].quantity, "value", "91")  # noqa: E731
    found = await verified(house, await under_blanket(house, change))
    assert "90 t of 100 t are left" in found.use.because
