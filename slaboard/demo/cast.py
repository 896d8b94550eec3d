"""Who and what the demo is about: its team, its customers and what they write. All of it is invented."""

from __future__ import annotations

from collections.abc import Mapping

from slaboard.ticket import Engineer

TEAM = (
    Engineer(name="Amara", key="a", skills=("mail", "identity")),
    Engineer(name="Bjarne", key="b", skills=("server", "backup")),
    Engineer(name="Carmen", key="c", skills=("network",)),
    Engineer(name="Dilip", key="d", skills=("workplace", "printing")),
    Engineer(name="Esther", key="e", skills=("identity", "security")),
    Engineer(name="Farid", key="f", skills=("workplace", "telephony")),
    Engineer(name="Hana", key="h", skills=("server", "mail")),
    Engineer(name="Noor", key="n", skills=("dispatch",)),
)
"""Stands in `sample_data/team.toml` too, where the board reads it."""
DISPATCHER = "Noor"
"""Answers the phone and the portal, and hands out; solves nothing herself."""

CUSTOMERS: Mapping[str, float] = {
    "Brackenfell Foods": 18,
    "Pellworth Logistics": 14,
    "Quillmoor Legal": 11,
    "Ivorydene Care": 8,
    "Duskhollow Hotels": 8,
    "Cobbleway Schools": 7,
    "Saltgrave Marine": 6,
    "Oxmere Dental": 5,
    "Tansy & Thorne": 4,
    "Vantry Ceramics": 4,
    "Mühlgrund Optik": 3,
    "Brønshale Seafood": 3,
    "Nettlespan Estates": 3,
    "Juniper Quay Media": 2,
    "Larkspindle Toys": 2,
    "Rookmantle Brewery": 2,
    "Fennick Aerial Survey": 1,
    "Guild of Lanternwrights": 1,
}
"""How much each calls, against the others. A few make most of the day, as in every desk's log."""

URGENT: Mapping[str, tuple[str, ...]] = {
    "network": (
        "{site}: whole site offline, tills are down",
        "Core switch at {site} restarts every few minutes",
        "No phones and no internet at {site} since this morning",
    ),
    "server": (
        "{server} does not boot after last night's patches",
        "{app} database corrupt, nobody can book",
        "Storage on {server} went read-only",
    ),
    "security": (
        "Ransom note on {laptop}, pulled from the network",
        "{person} paid a forged invoice, mailbox may be taken over",
    ),
}
"""Subjects of a P1, by the skill they ask for."""

USUAL: Mapping[str, tuple[str, ...]] = {
    "workplace": (
        "{laptop} does not wake up from the dock",
        "{laptop} is very slow since the update",
        "Blue screen on {laptop} twice today",
        "Second monitor of {person} stays black",
        "{app} closes by itself when saving",
        "{app} asks for a licence key at every start",
        "Cannot open attachments in {app}",
        "Headset of {person} cuts out in calls",
        "Keyboard types wrong characters at {site} reception",
        "Camera not found in meetings on {laptop}",
        "Disk full warning on {laptop}",
        "Touch screen in room {room} does not react",
        "Battery of {laptop} swells, please swap today",
        "Bookmarks of {person} gone after the move",
        "Time on {laptop} is 7 minutes behind",
    ),
    "printing": (
        "Printer {printer} prints blank pages",
        "Queue on {printer} stuck, 40 jobs waiting",
        "{printer} wants A5 but A4 is loaded",
        "Label printer at {site} skips every second label",
        "Scan to folder fails on {printer}",
        "{printer}: toner low although it is new",
    ),
    "mail": (
        "Shared mailbox info@ missing for {person}",
        "Mails from {person} come back undeliverable",
        "Calendar of room {room} double-books",
        "Out-of-office of {person} cannot be switched off",
        "{person}: search finds no mails older than a month",
        "Newsletter lands in the junk folder at {site}",
        "Distribution list for {site} has people who left",
    ),
    "identity": (
        "{person} locked out again",
        "Password reset link has expired for {person}",
        "New phone, sign-in code app lost: {person}",
        "Access to the {share} share for {person}",
        "{person} sees no folders under {share}",
        "Name change after marriage: {person}",
        "Single sign-on to {app} loops back to the start page",
    ),
    "network": (
        "Wi-Fi drops in the {site} meeting rooms",
        "VPN disconnects {person} every ten minutes",
        "Slow line at {site}, video calls freeze",
        "Guest Wi-Fi vouchers not accepted at {site}",
        "No link on wall socket {room}-B",
        "Access point in {site} warehouse offline",
        "Web filter blocks the customs portal at {site}",
        "Home office: {app} only works without VPN",
    ),
    "server": (
        "{server}: disk {percent} % full",
        "{server}: memory above {percent} % for an hour",
        "{app} import did not run last night",
        "Certificate on {server} expires in 6 days",
        "{share} share very slow from {site}",
        "Scheduled report from {app} is empty",
        "{server} needs a restart after updates",
    ),
    "backup": (
        "Backup of {server} failed: snapshot timed out",
        "Backup of {server} finished with warnings",
        "Please restore a folder on {share} from yesterday",
        "Offsite copy of {server} is two days behind",
    ),
    "telephony": (
        "Calls to {site} ring once and drop",
        "Voicemail of {person} does not reach the mailbox",
        "Extension {room} shows the wrong name",
        "Hold music plays over calls at {site}",
        "Call forwarding at {site} stays on at night",
    ),
    "security": (
        "Phishing mail reported by {person}",
        "Sign-in of {person} from an unknown country",
        "Virus warning on {laptop}, file quarantined",
        "USB stick found in the {site} car park, what now?",
    ),
}
"""Subjects of a P2 or P3, by the skill they ask for."""

WISHES: Mapping[str, tuple[str, ...]] = {
    "workplace": (
        "New starter {person} on the 1st: laptop, mailbox, badge",
        "Please order a standing desk arm for {site}",
        "Larger font for {person} in {app}",
    ),
    "identity": ("Leaver {person}: close accounts at the end of the month", "Quarterly list of who may open {share}"),
    "telephony": ("Record a new greeting for {site}",),
    "network": ("Quote for Wi-Fi in the {site} yard",),
}
"""Subjects of a P4, by the skill they ask for."""

ODD: Mapping[str, tuple[str, ...]] = {
    "mail": (
        "Signature shows [b]bold[/b] and [red]red[/red] instead of colours",
        "Invitations arrive as 🎉🎉 and nothing else",
        "FW: RE: RE: AW: FW: minutes of the meeting about the meeting room that cannot be booked because it is always "
        "booked by somebody who left in January, whose calendar nobody may open, and whose manager says that it was "
        "the previous manager who set this up, see the forty mails below, the short version is in the third of them",
    ),
    "server": ("Login on the report host prints \x1b[31mERROR\x1b[0m and a beep\x07",),
    "workplace": ("=1+1 shows as text in the budget sheet",),
}
"""Subjects that really come in and that a careless board would choke on."""

OUTAGES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Mail gateway",
        "mail",
        (
            "nothing arrives since 14:00",
            "mails stay in the outbox",
            "451 temporary failure from our relay",
            "orders by mail do not come in",
            "delivery delayed for everybody",
            "sent an offer, customer says no mail",
            "scans by mail do not arrive",
            "queue warning, 800 messages",
        ),
    ),
    (
        "VPN",
        "network",
        (
            "nobody can dial in",
            "connection refused from home",
            "gateway certificate not accepted",
            "tunnel up but no traffic",
            "field team is cut off",
        ),
    ),
    (
        "Sign-in",
        "identity",
        (
            "correct password is refused",
            "code is never asked for",
            "endless redirect at the portal",
            "whole office is signed out",
            "sign-in takes five minutes",
        ),
    ),
)
"""What breaks for many at once: (the known problem that opens each subject, the skill it asks for, how they put it)."""

BLANKS: Mapping[str, tuple[str, ...]] = {
    "person": (
        "A. Okonedo",
        "B. Lindqvist",
        "C. Marchetti",
        "D. Farrokhzad",
        "E. Vasquez",
        "F. O'Shea",
        "G. Watanabe",
        "H. Nowak",
        "I. Mbeki",
        "J. Tremblay",
        "K. Sørensen",
        "L. Haddad",
        "M. Petrov",
        "N. Iyer",
        "P. Castellanos",
        "R. Achterberg",
    ),
    "site": ("Harbour Street", "Mill Lane", "Depot 3", "North Wing", "Kiosk 12", "Hall B", "Riverside", "Old Town"),
    "server": ("FS-01", "FS-02", "SQL-03", "APP-07", "DC-02", "HV-04", "WEB-05", "NAS-1"),
    "app": ("the ERP", "the booking tool", "the CAD viewer", "payroll", "the till software", "the PDF editor"),
    "laptop": ("LT-0412", "LT-0533", "LT-0718", "LT-0826", "LT-0941", "LT-1077", "PC-203", "PC-318"),
    "printer": ("PR-02", "PR-05", "PR-11", "PR-14", "PR-20", "PR-23"),
    "share": ("Finance", "Projects", "HR", "Drawings", "Public"),
    "room": ("1.04", "2.11", "2.17", "3.02", "B.08"),
    "percent": ("91", "94", "96", "97", "98"),
}
"""What stands in a subject's blanks."""

NOTES = (
    "Called back, no answer, trying again later.",
    "Looks like the same thing as last week.",
    "Asked for a screenshot and the exact time.",
    "Reproduced here. Driver is two versions old.",
    "Remote session at half past.",
    "Event log shows nothing unusual.",
    "User is in meetings until noon.",
    "Rolled the update back on one machine to compare.",
    "Vendor case opened.",
    "Needs somebody on site.",
    "Workaround given, cause still open.",
    "Checked with the customer's own admin, they changed nothing.",
)
"""What colleagues write for one another."""
