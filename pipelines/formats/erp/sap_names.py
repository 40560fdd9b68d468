"""What SAP calls the columns of its lists: the names of each field by language, and how a header is told.

A list's columns come from its user's layout variant: any order, any subset, shortened to the column's width. Names
differ by language and release; those here are the ones that public importers and SAP's own short texts use. A firm's
own names are declared in `[sap.columns]`.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache

from pipelines.contracts.iso4217 import CURRENCIES

# A shortened header is at least this long, or it could be anything.
_SHORTEST = 6

# field -> its names. Compared without case, accents, blanks and punctuation.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "document": (
        "Document Number", "DocumentNo", "Document No.", "Doc. Number", "CO Document Number", "Belegnummer", "BelegNr",
        "CO-Belegnummer", "Numéro de pièce", "N° pièce", "Número de documento", "Nº documento", "Nº doc.",
        "Numer dokumentu", "Nr dokumentu", "Documentnummer", "Numero documento", "Número do documento",
    ),
    "row": (
        "Posting Row", "PstRow", "Posting row number", "Buchungszeile", "BuZei", "Bu.zeile", "Buch.zeile",
        "Ligne d'écriture", "Ligne de pièce", "Línea de contabilización", "Apunte", "Posición de apunte",
        "Pozycja księgowania", "Wiersz księgowania", "Boekingsregel",
    ),
    "fiscal_year": (
        "Fiscal Year", "Year", "FYear", "Geschäftsjahr", "GJahr", "Gesch.jahr", "Jahr", "Exercice comptable",
        "Exercice", "Ejercicio", "Año", "Rok obrotowy", "Rok", "Boekjaar", "Esercizio", "Exercício",
    ),
    "ref_document": (
        "Ref. document number", "Ref.doc.no", "RefDocNo", "Ref. Doc. No.", "Reference Document Number",
        "Reference document", "Ref. document", "Referenzbelegnummer", "Ref.belegnummer", "RefBelegnr", "RefBelegNr.",
        "Referenzbeleg", "Refbeleg", "Ref Beleg", "N° pièce référence", "Pièce de référence",
        "Nº doc.referencia", "Número documento de referencia", "Documento de referencia", "Numer dok. referencyjnego",
        "Dokument referencyjny", "Referentiedocument", "Nr. referentiedoc.",
    ),
    "ref_row": ("Reference Item", "Ref. Item", "Ref.Position", "Referenzposition"),
    "item": ("Item", "Position", "Pos.", "Poste", "Posición", "Pozycja", "Positie", "Posizione"),
    "reference": ("Reference", "Reference number", "Referenz", "Référence", "Referencia", "Referencja", "Referentie"),
    "cost_element": (
        "Cost Element", "Cost elem.", "CElem", "G/L Account", "Account", "Kostenart", "KstArt", "Sachkonto",
        "Nature comptable", "Nat. comptable", "Clase de coste", "Clase de costo", "Cl.coste", "Rodzaj kosztów",
        "Rodz. kosztów", "Kostensoort", "Voce di costo", "Classe de custo",
    ),
    "cost_element_name": (
        "Cost element name", "Cost element descr.", "Kostenartenbezeichn.", "Kostenartenbezeichnung",
        "Kostenartenbeschr.", "Désignation nature comptable", "Denom.clase de coste", "Descrip.clases coste",
        "Nazwa rodzaju kosztów", "Naam kostensoort", "Omschrijving kostensoort",
    ),
    "co_amount": (
        "Val/COArea Crcy", "Val. in CO Area Crcy", "Value in CO Area Currency", "Value COArea Crcy",
        "Val/COArea Currency", "Wert/KWähr", "Wert/KWährg", "Wert in KWährg", "Wert/KKrsWähr",
        "Wert in Kostenrechnungskreiswährung", "Val./devise périmètre", "Valeur devise périmètre analytique",
        "Val./dev.périm.", "Valor/mon.sociedad CO", "Valor en moneda de la sociedad CO", "Valor/MonSocCO",
        "Val/mon.so.CO", "Wartość/WK", "Wartość w walucie obszaru rachunku kosztów", "Wart. w wal. obsz. CO",
        "Waarde/valuta CC", "Waarde/KKR-valuta", "Waarde in KKR-valuta", "Valore/div. CO", "Valor/moeda ACC",
    ),
    "report_amount": (
        "Val.in rep.cur.", "Val. in rep. cur.", "Value in report currency", "Val/Rep. Crcy", "Wert/BWähr",
        "Wert/BerWähr", "Wert in Berichtswährung", "Val./devise rapport", "Valeur en devise de reporting",
        "Valor/mon.inf.", "Valor en moneda de informe", "Wartość w walucie raportu", "Wart./wal. rap.",
        "Waarde/rapportvaluta", "Waarde in rapportvaluta",
    ),
    "object_amount": (
        "Value in Obj. Crcy", "Value in object currency", "Val/ObjCrcy", "Wert/OWähr", "Wert/ObjWähr",
        "Wert in Objektwährung", "Valeur en devise objet", "Val./devise objet", "Valor/mon.objeto",
        "Valor en moneda del objeto", "Wartość/WO", "Wartość w walucie obiektu", "Waarde/objectvaluta",
        "Waarde in objectvaluta",
    ),
    "transaction_amount": (
        "Value TranCurr", "Value TCurr", "Value TCur", "Value in Transaction Currency", "Wert/TWähr",
        "Wert in Transaktionswährung", "Wert/TransWähr", "Valeur en devise transaction", "Valor/mon.transacción",
        "Wartość/WT", "Wartość w walucie transakcji", "Waarde/transactievaluta",
    ),
    "co_currency": (
        "CO Area Currency", "CO area crcy", "COArea Crcy", "Controlling Area Currency", "KKrsWährung", "KWährung",
        "Kostenrechnungskreiswährung", "KKrsWähr", "Devise du périmètre analytique", "Moneda de la sociedad CO",
        "Waluta obszaru rachunku kosztów", "Valuta controlling area",
    ),
    "report_currency": (
        "Report currency", "RepCurr", "Rep. Currency", "Berichtswährung", "BWähr", "BWährung", "Devise de reporting",
        "Moneda de informe", "Mon.inf.", "Waluta raportu", "Rapportvaluta",
    ),
    "object_currency": (
        "Object Currency", "Obj Curr.", "ObjCurr", "Objektwährung", "OWähr", "OWährung", "Devise objet",
        "Moneda del objeto", "Waluta obiektu", "Objectvaluta",
    ),
    "transaction_currency": (
        "Transaction Currency", "TCurr", "Trans. Currency", "Transaktionswährung", "TWähr", "TWährung",
        "Devise de transaction", "Moneda de transacción", "Waluta transakcji", "Transactievaluta",
    ),
    "currency": ("Currency", "Crcy", "Curr.", "Währung", "Währg", "Devise", "Moneda", "Waluta", "Valuta", "Divisa"),
    "wbs": (
        "WBS Element", "WBS elem.", "PSP-Element", "PSP Element", "Élément d'OTP", "Elément OTP", "Elemento PEP",
        "Element PSP", "WBS-element", "Elemento WBS", "Elemento WBE",
    ),
    "project": (
        "Project definition", "Project Def.", "Project", "Projektdefinition", "Projektdef.", "Définition de projet",
        "Définition du projet", "Definición de proyecto", "Definición proy.", "Definicja projektu",
        "Projectdefinitie",
    ),
    "object": ("Object", "CO Object", "Objekt", "Objet", "Objeto", "Obiekt"),
    "object_name": ("CO Object Name", "Object name", "Objektbezeichnung", "Denominación del objeto", "Nazwa obiektu"),
    "cost_centre": (
        "Cost Center", "Cost Centre", "Cost Ctr", "Cost Center/Order", "Kostenstelle", "Kostenstelle/Auftrag",
        "Centre de coûts", "Centro de coste", "Centro de costos", "MPK", "Miejsce powst. kosztów", "Kostenplaats",
        "Centro di costo",
    ),
    "order": ("Order", "Order Number", "Auftrag", "Auftragsnummer", "Ordre", "Orden", "Zlecenie", "Ordine"),
    "partner_cost_centre": (
        "Partner-CCtr", "Partner Cost Center", "Partner CCtr", "Partnerkostenstelle", "Partner-Kstl.", "Partner-KSt",
        "Centre de coûts partenaire", "Centro de coste asociado", "MPK partnera", "Partnerkostenplaats",
    ),
    "posting_date": (
        "Posting Date", "Pstng Date", "Pstg Date", "Postg Date", "Buchungsdatum", "Buch.datum", "BuchDat.", "Buch.dat.",
        "Date comptable", "Date de comptabilisation", "Fecha de contabilización", "Fe.contabilización", "Fe.contab.",
        "Data księgowania", "Boekingsdatum", "Data di registrazione", "Data de lançamento",
    ),
    "document_date": (
        "Document Date", "Doc. Date", "Belegdatum", "Date de pièce", "Date pièce", "Fecha documento",
        "Fecha de documento", "Data dokumentu", "Documentdatum",
    ),
    "debit_date": (
        "Debit date", "Expected debit date", "Belastungsdatum", "Vorauss. Belastungsdatum", "Obligodatum",
        "Date de débit", "Fecha de cargo", "Data obciążenia", "Debiteringsdatum",
    ),
    "period": ("Period", "Per", "Posting period", "Periode", "Période", "Período", "Periodo", "Okres"),
    "controlling_area": ("Controlling Area", "CO Area", "COAr", "Kostenrechnungskreis", "KKrs", "Sociedad CO"),
    "company": ("Company Code", "CoCode", "CoCd", "Buchungskreis", "BuKr", "Société", "Sociedad", "Jednostka gosp."),
    "quantity": (
        "Total quantity", "Quantity", "Tot. quantity", "Menge", "Menge gesamt", "Gesamtmenge", "Menge erfaßt gesamt",
        "Quantité", "Quantité totale", "Cantidad total", "Cantidad", "Ilość", "Ilość całkowita", "Hoeveelheid",
        "Totale hoeveelheid",
    ),
    "unit": (
        "Posted unit of meas.", "Unit of Measure", "PUM", "Unit", "Gebuchte Mengeneinh.", "Mengeneinheit", "GME", "ME",
        "Unité de quantité", "Unidad de medida", "Jednostka miary", "Eenheid",
    ),
    "personnel_number": (
        "Personnel Number", "Pers.No.", "Personalnummer", "PersNr", "Matricule", "Número de personal", "Nº pers.",
        "Numer osobowy", "Personeelsnummer",
    ),
    "activity_type": (
        "Activity Type", "ActTyp", "Partner activity type", "ParActivity", "Leistungsart", "Partnerleistungsart",
        "LstArt", "Type d'activité", "Clase de actividad", "Rodzaj działalności", "Prestatiesoort",
    ),
    "transaction": ("Business Transaction", "CO busn transaction", "Vorgang", "Betriebsw. Vorgang", "BTran"),
    "supplier": (
        "Supplier", "Vendor", "Lieferant", "Kreditor", "Fournisseur", "Proveedor", "Acreedor", "Dostawca",
        "Leverancier", "Supplier/Supplying Plant", "Vendor/supplying plant", "Lieferant/Lieferwerk", "Fornitore",
    ),
    "purchase_order": (
        "Purchasing Document", "Purch.Doc.", "Purchase Order", "Einkaufsbeleg", "Bestellung", "Document d'achat",
        "Documento compras", "Documento de compras", "Dokument zakupu", "Inkoopdocument", "Inkoopdoc.",
    ),
    "purchase_order_text": ("Purchase order text", "Bestelltext", "Texto de pedido", "Tekst zamówienia"),
    "text": ("Name", "Line item text", "Bezeichnung", "Désignation", "Denominación", "Text", "Positionstext", "Nazwa"),
    "header_text": (
        "Document Header Text", "Belegkopftext", "Texte d'en-tête", "Texto de cabecera de documento",
        "Tekst nagłówka dok.", "Documentkoptekst",
    ),
    "description": ("Description", "Short Text", "Kurztext", "Beschreibung", "Texte bref", "Texto breve"),
    "material": ("Material", "Material Number", "Materialnummer", "Article", "Materiał", "Materiaal"),
    "material_text": (
        "Material Description", "Materialkurztext", "Materialbezeichnung", "Texto breve de material", "Opis materiału",
    ),
    "document_category": ("DocC", "Ref. doc. category", "Document category", "BelTyp", "Belegtyp", "Debit type"),
    "net_order_value": (
        "Net Order Value", "Net Value", "Nettobestellwert", "Nettowert", "Valeur nette de commande",
        "Valor neto de pedido", "Wartość netto zamówienia", "Netto-orderwaarde",
    ),
    "still_to_deliver": (
        "Still to be delivered (value)", "Noch zu liefern (Wert)", "Zu liefern (Wert)", "Reste à livrer (valeur)",
        "Por entregar (valor)", "Pozostaje do dostawy (wartość)", "Nog te leveren (waarde)",
    ),
    "still_to_invoice": (
        "Still to be invoiced (val.)", "Still to be invoiced (value)", "Noch zu berechnen (Wert)",
        "Zu berechnen (Wert)", "Reste à facturer (valeur)", "Por calcular (valor)", "Do zafakturowania (wartość)",
        "Nog te factureren (waarde)",
    ),
    "delivery_date": (
        "Delivery Date", "Deliv. Date", "Lieferdatum", "Date de livraison", "Fecha de entrega", "Data dostawy",
        "Leverdatum",
    ),
    "deletion": ("Deletion Indicator", "Löschkennzeichen", "LöKz", "Indicateur de suppression", "Indicador de borrado"),
    "order_quantity": ("Order Quantity", "Bestellmenge", "Quantité commandée", "Cantidad de pedido"),
    "net_price": ("Net Price", "Nettopreis", "Prix net", "Precio neto"),
    "material_document": (
        "Material Document", "Material Doc.", "Materialbeleg", "Document article", "Documento material",
        "Dokument materiałowy", "Materiaaldocument",
    ),
    "movement_type": ("Movement Type", "MvT", "Bewegungsart", "BwA", "Code mouvement", "Clase de movimiento"),
    "local_amount": ("Amt.in Loc.Cur.", "Amount in LC", "Betrag Hauswähr", "Betrag in Hauswährung"),
}  # fmt: skip


def squashed(name: str) -> str:
    """A header as it is compared: no case, accents, blanks or punctuation.

    >>> squashed(" Élément d'OTP"), squashed("Wert/KWähr")
    ('elementdotp', 'wertkwahr')
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold().replace("ł", "l"))
    return "".join(character for character in folded if character.isalnum())


@cache
def _known() -> Mapping[str, str]:
    return {squashed(name): field for field, names in FIELDS.items() for name in names}


_CODE = re.compile(r"^(.*?)[\s(\[/]*\b([A-Z]{3})\b[)\]]*\s*$")


def without_currency(header: str) -> tuple[str, str | None]:
    """A header and the currency that it names behind itself.

    >>> without_currency("Val/COArea Crcy (EUR)")
    ('Val/COArea Crcy', 'EUR')
    """
    match = _CODE.match(header.strip())
    if match and match[2] in CURRENCIES and match[1].strip():
        return match[1].strip(), match[2]
    return header.strip(), None


@cache
def _sorted() -> Sequence[str]:
    return sorted(_known())


def field_of(header: str, own: Mapping[str, str]) -> str | None:
    """The field that a header names; None where none, or where a shortened one could be several.

    `own`: the firm's own names, squashed.
    """
    whole = squashed(header)
    if whole in own or whole in _known():
        return own.get(whole) or _known()[whole]
    name = squashed(without_currency(header)[0])
    found = own.get(name) or _known().get(name)
    if found is not None or len(name) < _SHORTEST:
        return found
    names = _sorted()
    candidates = set()
    for known in names[bisect_left(names, name) :]:
        if not known.startswith(name):
            break
        candidates.add(_known()[known])
    return candidates.pop() if len(candidates) == 1 else None


def fields_of(header: Sequence[str], own: Mapping[str, str] | None = None) -> dict[str, int]:
    """Field -> number of its column. Of two columns for one field the first counts, except:

    the second "Posting Row" stands behind the reference document's number and is its row; a plain "Currency" belongs
    to the amount beside it.
    """
    found: dict[str, int] = {}
    declared = {squashed(name): field for name, field in (own or {}).items()}
    named = [field_of(cell, declared) for cell in header]
    for index, field in enumerate(named):
        if field is None:
            continue
        previous = named[index - 1] if index else None
        if field == "row" and previous == "ref_document":
            field = "ref_row"
        if field == "currency":
            following = named[index + 1] if index + 1 < len(named) else None
            beside = next((f for f in (previous, following) if f and f.endswith("_amount")), None)
            specific = f"{beside.removesuffix('_amount')}_currency" if beside else None
            if specific in FIELDS and specific not in found:
                field = specific
        found.setdefault(field, index)
    return found


_AMOUNTS = ("co_amount", "report_amount", "object_amount", "transaction_amount")


def kind_of(fields: Mapping[str, int]) -> str | None:
    """Which list a header is one of: cji3, cji5, ksb1, me2n, mb51; None where it is none."""
    has = fields.__contains__
    if has("material_document") and has("movement_type"):
        return "mb51"
    if has("net_order_value") and has("purchase_order") and has("item"):
        return "me2n"
    if not any(has(amount) for amount in _AMOUNTS):
        return None
    if has("ref_document") and has("item") and not has("document") and not has("posting_date"):
        return "cji5"
    if not (has("cost_element") or has("cost_element_name")):
        # a short layout still says where and when
        return "cji3" if has("wbs") and has("posting_date") else None
    if has("wbs") or has("project"):
        return "ksb1" if has("cost_centre") or (has("object") and not has("document")) else "cji3"
    if has("cost_centre") or has("order") or has("object"):
        return "ksb1"
    return None
