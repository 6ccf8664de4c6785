"""What an error means in the language of who is told: for shops that show it to people who do not read English.

The texts are fixed: nothing of a request stands in them, so that they can be shown as they are. The error's own text, in
English, says more.
"""

from collections.abc import Mapping
from typing import Final

ENGLISH: Final = "en"

TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "REQUEST_INVALID": {
        "es": "La solicitud tiene campos con errores de forma. Corríjalos y envíela de nuevo.",
        "fr": "La demande contient des champs mal formés. Corrigez-les et renvoyez-la.",
    },
    "REQUEST_ID_REUSED": {
        "es": "El identificador de la solicitud ya se usó con otro contenido. Use uno nuevo.",
        "fr": "L'identifiant de la demande a déjà servi pour un autre contenu. Prenez-en un nouveau.",
    },
    "TOKEN_INVALID": {
        "es": "El marcador de página o de seguimiento no sirve. Empiece de nuevo sin él.",
        "fr": "Le jeton de page ou de suivi n'est pas valable. Recommencez sans lui.",
    },
    "SITE_CONTRADICTS_RECORD": {
        "es": "El tipo de sitio indicado no coincide con el registrado. No lo indique, o pida que se corrija el registro.",
        "fr": "Le type de site indiqué n'est pas celui enregistré. Omettez-le, ou faites corriger l'enregistrement.",
    },
    "SITE_NOT_FOUND": {
        "es": "No consta ese sitio. Regístrelo, o compruebe su identificador.",
        "fr": "Ce site n'est pas connu. Enregistrez-le, ou vérifiez son identifiant.",
    },
    "SITE_STATE": {
        "es": "El estado del sitio no permite lo solicitado.",
        "fr": "L'état du site ne permet pas ce qui est demandé.",
    },
    "CASE_NOT_FOUND": {
        "es": "No existe ese expediente. Compruebe su nombre.",
        "fr": "Ce dossier n'existe pas. Vérifiez son nom.",
    },
    "CASE_STATE": {
        "es": "El estado del expediente no permite lo solicitado. Haga antes el paso que falta.",
        "fr": "L'état du dossier ne permet pas ce qui est demandé. Faites d'abord l'étape qui manque.",
    },
    "DECLARATION_CONFLICT": {
        "es": "Ya hay un certificado, o puede haberlo, para otro contenido. Consérvelo, o sustitúyalo expresamente.",
        "fr": "Un certificat existe, ou peut exister, pour un autre contenu. Gardez-le, ou remplacez-le expressément.",
    },
    "ERASED": {
        "es": "Los datos de ese expediente se borraron para siempre. Solo quedan su estado y sus resultados.",
        "fr": "Les données de ce dossier ont été effacées pour toujours. Il n'en reste que l'état et les résultats.",
    },
    "ERASURE_REFUSED": {
        "es": "El expediente no se puede borrar ahora: está retenido, abierto en una plataforma o en plazo de conservación.",
        "fr": "Le dossier ne peut être effacé maintenant : il est retenu, ouvert chez une plateforme ou encore à conserver.",
    },
    "CERTIFICATE_UNPROVED": {
        "es": "El certificado no se ha podido probar y no se adopta. Aporte la prueba de la plataforma.",
        "fr": "Le certificat n'est pas prouvé et n'est pas adopté. Fournissez la preuve de la plateforme.",
    },
    "CERTIFICATE_NOT_FOUND": {
        "es": "No consta ese certificado. Compare su número con el emitido.",
        "fr": "Ce certificat n'est pas connu. Comparez son numéro avec celui qui a été émis.",
    },
    "DECISION_NOT_FOUND": {
        "es": "No consta esa decisión. Compruebe su identificador, o el nombre del expediente y la pregunta.",
        "fr": "Cette décision n'est pas connue. Vérifiez son identifiant, ou le nom du dossier et la question.",
    },
    "RULEBOOK_NOT_FOUND": {
        "es": "Aquí no hay ningún reglamento con esa huella que esta versión pueda leer.",
        "fr": "Aucun recueil de règles de cette empreinte n'est lisible ici.",
    },
    "RULEBOOK_NOT_ACCEPTED": {
        "es": "Ese reglamento no se aceptó aquí, o ese día no había ninguno en uso.",
        "fr": "Ce recueil de règles n'a pas été accepté ici, ou aucun n'était en usage ce jour-là.",
    },
    "ACTIVATION_REFUSED": {
        "es": "El reglamento no se pone en uso así: no espera aprobación, o debe darla otra persona.",
        "fr": "Le recueil de règles n'est pas mis en usage ainsi : rien n'attend, ou une autre personne doit approuver.",
    },
    "RULEBOOKS_OUT_OF_REACH": {
        "es": "De los reglamentos se ocupa otra organización.",
        "fr": "C'est une autre organisation qui s'occupe des recueils de règles.",
    },
    "QUESTION_NOT_FOUND": {
        "es": "Esa pregunta no existe en el reglamento.",
        "fr": "Cette question n'existe pas dans le recueil de règles.",
    },
    "UNAUTHENTICATED": {
        "es": "No se sabe quién llama. Presente una clave o credencial vigente.",
        "fr": "L'appelant n'est pas connu. Présentez une clé ou un jeton en vigueur.",
    },
    "ROLE_MISSING": {
        "es": "No tiene el permiso necesario. Pídalo al operador.",
        "fr": "Il vous manque le rôle nécessaire. Demandez-le à l'exploitant.",
    },
    "SITE_OUT_OF_REACH": {
        "es": "Su clave no sirve para ese sitio. Indique uno de los suyos.",
        "fr": "Votre clé ne vaut pas pour ce site. Indiquez l'un des vôtres.",
    },
    "IDENTITY_UNAVAILABLE": {
        "es": "Ahora no se puede comprobar quién llama. Inténtelo de nuevo en unos segundos.",
        "fr": "L'identité ne peut pas être vérifiée pour l'instant. Réessayez dans quelques secondes.",
    },
    "LIMIT_EXCEEDED": {
        "es": "Se ha superado un límite. Espere, o pida menos a la vez.",
        "fr": "Une limite est dépassée. Attendez, ou demandez moins à la fois.",
    },
    "QUOTA_USED_UP": {
        "es": "El cupo de hoy se ha agotado. Espere a mañana (UTC), o pida más al operador.",
        "fr": "Le quota du jour est épuisé. Attendez demain (UTC), ou demandez-en davantage à l'exploitant.",
    },
    "TOOK_TOO_LONG": {
        "es": "La llamada tardó demasiado y se abandonó. Repítala con el mismo identificador.",
        "fr": "L'appel a duré trop longtemps et a été abandonné. Répétez-le avec le même identifiant.",
    },
    "DEADLINE_TOO_SHORT": {
        "es": "El plazo de la llamada es demasiado corto. Repítala con uno mayor.",
        "fr": "Le délai de l'appel est trop court. Répétez-le avec un délai plus long.",
    },
    "STORE_UNAVAILABLE": {
        "es": "El servicio no está disponible ahora. Repita la solicitud con el mismo identificador.",
        "fr": "Le service n'est pas disponible pour l'instant. Répétez la demande avec le même identifiant.",
    },
    "NO_PLATFORM": {
        "es": "No hay ninguna plataforma de verificación conectada para este sitio. Avise al operador.",
        "fr": "Aucune plateforme de vérification n'est reliée à ce site. Prévenez l'exploitant.",
    },
    "SHUTTING_DOWN": {
        "es": "El servidor se está deteniendo. Repita la llamada.",
        "fr": "Le serveur s'arrête. Répétez l'appel.",
    },
    "NOT_IMPLEMENTED": {
        "es": "Este servidor no ofrece lo solicitado. Compruebe la dirección y la versión.",
        "fr": "Ce serveur n'offre pas ce qui est demandé. Vérifiez l'adresse et la version.",
    },
    "INTERNAL": {
        "es": "Ha fallado algo por nuestra parte. Indique al operador el identificador de la llamada.",
        "fr": "Une erreur est survenue de notre côté. Indiquez à l'exploitant l'identifiant de l'appel.",
    },
}
LANGUAGES: Final = frozenset({ENGLISH, "es", "fr"})
_MOST_TAGS: Final = 20


def language_of(accepted: str) -> str:
    """The language, of those that there are, that an `accept-language` likes best; empty where it likes none of them."""
    liked: list[tuple[float, str]] = []
    for tag in accepted.split(",")[:_MOST_TAGS]:
        name, _, weight = tag.partition(";")
        language = name.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            liked.append((_weight(weight), language))
    best = max(liked, key=lambda one: one[0], default=(0.0, ""))
    return best[1] if best[0] > 0 else ""


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if not name:
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0) if name == "q" else 0.0
    except ValueError:
        return 0.0
