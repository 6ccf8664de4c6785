"""Which platform is asked: the first of the site's that takes the declaration, and the next one where that is safe."""

from engine.case import AttemptState, CaseState
from engine.declaration import Content
from engine.platform import Binding, Platform
from server.our_records import OurRecords
from server.platforms import Platforms
from server.platforms.guarded.lines import refused_for_its_lines
from server.store.records import AttemptRecord, CaseRecord, CertificateRecord

# How an attempt ended of which the platform surely has nothing. A rejection is none of them: nobody else is asked
# until an answer suits.
PASSED_ON = frozenset({AttemptState.NOT_SENT, AttemptState.RETRYABLE, AttemptState.MISCONFIGURED})


class Choosing:
    """Chooses among the platforms that a site is connected to and that are set up here, in the site's own order."""

    def __init__(self, platforms: Platforms, records: OurRecords) -> None:
        self._platforms = platforms
        self._records = records

    def first(self, names: tuple[str, ...], content: Content) -> Platform | None:
        """The first that takes as many lines as are declared, else the first: its rejection says why. None: no platform."""
        among = self._platforms.among(names)
        takes = (one for one in among if refused_for_its_lines(one.capabilities, content) is None)
        return next(takes, among[0] if among else None)

    def to_replace(
        self, names: tuple[str, ...], certificate: CertificateRecord, content: Content
    ) -> Platform | None:
        """The platform that certifies in the place of a certificate in one step: none but its own can.

        None where that does not offer it, the site is not connected to it any more, or a person would have to adopt what it
        issues.
        """
        [platform] = self._platforms.among(name for name in names if name == certificate.platform) or [None]
        if platform is None or not platform.capabilities.replace:
            return None
        if platform.capabilities.binding is Binding.NONE:
            return None
        return platform if refused_for_its_lines(platform.capabilities, content) is None else None

    def next_one(
        self,
        case: CaseRecord,
        ended: AttemptRecord,
        state: AttemptState,
        content: Content,
        tried: list[AttemptRecord],
    ) -> Platform | None:
        """The platform to ask after an attempt that ended in this state; None where none may be asked.

        Only those after it in the site's order are, so that each is asked once. None is where the case moved on, or
        where what any platform did with this declaration was ever unknown: it may come up with it late.
        """
        if state not in PASSED_ON or case.state is not CaseState.VERIFYING:
            return None
        if case.declaration_version != ended.declaration_version:
            return None
        ours = [one for one in tried if one.declaration_version == ended.declaration_version]
        if any(one.sweep_until is not None for one in ours):
            return None
        names = self._records.platforms({"site": {"site_id": case.site_id}}, case.tenant)
        after = names[names.index(ended.platform) + 1 :] if ended.platform in names else ()
        among = self._platforms.among(after)
        return next((one for one in among if refused_for_its_lines(one.capabilities, content) is None), None)
