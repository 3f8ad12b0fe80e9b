"""Function words of several languages, and words of months, numbering and anniversaries; none fitted to data."""

from __future__ import annotations

from firstwire.core.text.folding import fold_text


def _folded(text: str) -> frozenset[str]:
    return frozenset(fold_text(text).split())


FUNCTION_WORDS = _folded(
    """
    a about after again against all also am an and any are as at be because been before being between both but by
    can could did do does doing down during each for from further had has have having he her here hers him his how i
    if in into is it its just may me might more most must my no nor not now of off on once only or other our out over
    own per s same she should so some such t than that the their them then there these they this those through to
    too under until up upon us very via was we were what when where which while who whom why will with would you your
    say says said saying tell tells told according report reports reported reportedly update updates updated
    refile rpt live video photos watch exclusive breaking news latest
    monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow
    der die das den dem des ein eine einen einem einer und oder aber ist sind war waren wird werden wurde hat haben
    im in ins am an auf aus bei mit nach von vom vor zu zum zur für über unter gegen bis durch als wie auch nicht
    sich es er sie wir sagt nach
    le la les un une des du de et ou mais est sont été a au aux en dans par pour sur sous avec sans ce cette ces il
    elle ils qui que se son sa ses leur plus pas selon après avant
    el los las una unos unas del y o pero es son fue ha han al con sin para por sobre entre su sus que se no más
    como tras según desde
    il lo gli i uno della dei delle degli di da nel nella nei al alla ai che non è sono con per su tra fra ed
    os as um uma do da dos das no na nos nas ao aos em e que não é são foi com para pelo pela se mais
    и в во не на я он она оно они что с со как а то по но из у за от о об к до для при же бы это его её их был была
    были быть после перед через между
    та і й у з із зі що на не до від за про при як це його її їх був була були після
    """
)

MONTHS_BY_NAME = {
    name: month
    for month, names in {
        "january": "january jan januar janvier enero gennaio janeiro января январе январь січня",
        "february": "february feb februar février fevrier febrero febbraio fevereiro февраля феврале февраль лютого",
        "march": "march märz mars marzo março марта марте март березня",
        "april": "april apr avril abril aprile апреля апреле апрель квітня",
        "may": "may mai mayo maggio maio мая мае травня",
        "june": "june jun juni juin junio giugno junho июня июне июнь червня",
        "july": "july jul juli juillet julio luglio julho июля июле июль липня",
        "august": "august aug août aout agosto августа августе август серпня",
        "september": "september sep sept septembre septiembre settembre setembro сентября сентябре сентябрь вересня",
        "october": "october oct oktober octobre octubre ottobre outubro октября октябре октябрь жовтня",
        "november": "november nov novembre noviembre novembro ноября ноябре ноябрь листопада",
        "december": "december dec dezember décembre decembre diciembre dicembre dezembro "
        "декабря декабре декабрь грудня",
    }.items()
    for name in _folded(names)
}
DOUBTFUL_MONTHS = _folded("may march mar mars mai juli")
"""Ambiguous: months only after a preposition or next to a number."""
BEFORE_MONTHS = _folded("in of for since by from to until through early mid late last im vom en de em в с по on")

LABELS = _folded(
    """
    act article case chapter commission day episode flight game group heat issue lap leg level match matchday mission
    number package page part phase quarter race resolution round season section session sol spieltag stage step test
    tranche unit volume wave week jour journée tag woche phase runde etappe jornada día paquete paquet paket
    пакет день этап тур раунд
    """
)
"""Words whose number after them identifies one of a series: `Day 45`, `Phase 2`."""

ANNIVERSARIES = _folded(
    """
    anniversary anniversaries commemorate commemorates commemorated commemoration remembrance jahrestag gedenken
    anniversaire commémoration aniversario conmemoración anniversario aniversário годовщина годовщину годовщины
    годовщине річниця річницю річниці rocznica
    """
)
