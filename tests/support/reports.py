"""Any reports of recognitions and any corrections by hand, to be heard in any order: strategies for properties."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.support.records import CHINA, IRAN, RUSSIA, by_hand, event

TOLD = st.builds(
    lambda actors, date, hours, name: event(*actors, article_id=name, date=date, hours=hours),
    st.sampled_from([(RUSSIA,), (CHINA,), (IRAN,), (RUSSIA, CHINA)]),
    st.sampled_from(["1997-06-01", "2025-07-01", "2025-07-02", "2025-07-03"]),
    st.integers(0, 6),
    st.sampled_from("pqrst"),
)
SAID = st.builds(
    lambda actor, says, date, hours, era: by_hand(actor, says, date, hours=hours + 0.5, era=era),
    st.sampled_from([RUSSIA, CHINA, IRAN]),
    st.sampled_from(["did", "did_not"]),
    st.sampled_from(["2025-06-30", "2025-07-02", "2025-07-09"]),
    st.integers(0, 6),
    st.sampled_from(["since 2021-08-15", "1996-2001"]),
)
