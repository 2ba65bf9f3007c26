<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
    <context>
        <name>BrowseTexts</name>
        <message>
            <source>Searching the Hub…</source>
            <translation>Recherche sur le Hub…</translation>
        </message>
        <message>
            <source>{n} models, more are coming…</source>
            <translation>{n} modèles, d’autres arrivent…</translation>
        </message>
        <message>
            <source>{n} models. {problem}</source>
            <translation>{n} modèles. {problem}</translation>
        </message>
        <message>
            <source>{n} models, and more at the end of the list.</source>
            <translation>{n} modèles, et d’autres à la fin de la liste.</translation>
        </message>
        <message>
            <source>1 model.</source>
            <translation>1 modèle.</translation>
        </message>
        <message>
            <source>{n} models.</source>
            <translation>{n} modèles.</translation>
        </message>
    </context>
    <context>
        <name>BrowseView</name>
        <message>
            <source>Worth knowing</source>
            <translation>À connaître</translation>
        </message>
        <message>
            <source>Models that we picked by hand</source>
            <translation>Des modèles choisis par nos soins</translation>
        </message>
        <message>
            <source>On the Hub</source>
            <translation>Sur le Hub</translation>
        </message>
        <message>
            <source>All models of the Hugging Face Hub</source>
            <translation>Tous les modèles du Hub Hugging Face</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Réessayer</translation>
        </message>
        <message>
            <source>Filters ({n})</source>
            <translation>Filtres ({n})</translation>
        </message>
        <message>
            <source>Filters</source>
            <translation>Filtres</translation>
        </message>
        <message>
            <source>{n} families of models, picked by hand on {date}.</source>
            <translation>{n} familles de modèles, choisies par nos soins le {date}.</translation>
        </message>
        <message>
            <source>None of the models picked by hand is like that.</source>
            <translation>Aucun des modèles choisis par nos soins ne correspond.</translation>
        </message>
        <message>
            <source>None of the models picked by hand is like that. On the Hub there are more.</source>
            <translation>Aucun des modèles choisis par nos soins ne correspond. Il y en a d’autres sur le Hub.</translation>
        </message>
        <message>
            <source>Searching the Hub…</source>
            <translation>Recherche sur le Hub…</translation>
        </message>
        <message>
            <source>No model on the Hub is like that.</source>
            <translation>Aucun modèle du Hub ne correspond.</translation>
        </message>
        <message>
            <source>Clear the search</source>
            <translation>Effacer la recherche</translation>
        </message>
        <message>
            <source>Nothing found</source>
            <translation>Aucun résultat</translation>
        </message>
        <message>
            <source>Search the Hub</source>
            <translation>Rechercher sur le Hub</translation>
        </message>
        <message>
            <source>Search these models</source>
            <translation>Rechercher parmi ces modèles</translation>
        </message>
        <message>
            <source>Models on the Hub</source>
            <translation>Modèles du Hub</translation>
        </message>
        <message>
            <source>Models worth knowing</source>
            <translation>Modèles à connaître</translation>
        </message>
    </context>
    <context>
        <name>CancelQuestion</name>
        <message>
            <source>Delete</source>
            <translation>Supprimer</translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>Conserver</translation>
        </message>
    </context>
    <context>
        <name>CardView</name>
        <message>
            <source>Card of the model</source>
            <translation>Fiche du modèle</translation>
        </message>
    </context>
    <context>
        <name>ChatPage</name>
        <message>
            <source>Reading the conversation: {n} %</source>
            <translation>Lecture de la conversation : {n} %</translation>
        </message>
        <message>
            <source>Load it again</source>
            <translation>Charger à nouveau</translation>
        </message>
        <message>
            <source>Reload the model</source>
            <translation>Recharger le modèle</translation>
        </message>
        <message>
            <source>{tokens} · {share} % of context</source>
            <translation>{tokens} · {share} % du contexte</translation>
        </message>
    </context>
    <context>
        <name>ChoiceHeader</name>
        <message>
            <source>Quantization</source>
            <translation>Quantification</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Taille</translation>
        </message>
        <message>
            <source>Bits</source>
            <translation>Bits</translation>
        </message>
        <message>
            <source>Speed, about</source>
            <translation>Vitesse, environ</translation>
        </message>
        <message>
            <source>On this computer</source>
            <translation>Sur cet ordinateur</translation>
        </message>
    </context>
    <context>
        <name>ChoiceList</name>
        <message>
            <source>{n} bits per weight</source>
            <translation>{n} bits par poids</translation>
        </message>
        <message>
            <source>recommended</source>
            <translation>recommandé</translation>
        </message>
        <message>
            <source>Enter downloads it</source>
            <translation>Entrée le télécharge</translation>
        </message>
        <message>
            <source>{name} is on the shelf.</source>
            <translation>{name} est dans la bibliothèque.</translation>
        </message>
        <message>
            <source>Show the downloads</source>
            <translation>Afficher les téléchargements</translation>
        </message>
        <message>
            <source>Download {name}, {size}</source>
            <translation>Télécharger {name}, {size}</translation>
        </message>
    </context>
    <context>
        <name>ChoiceRows</name>
        <message>
            <source>{n} files</source>
            <translation>{n} fichiers</translation>
        </message>
        <message>
            <source>sees pictures, + {size}</source>
            <translation>voit les images, + {size}</translation>
        </message>
        <message>
            <source>on the shelf</source>
            <translation>dans la bibliothèque</translation>
        </message>
        <message>
            <source>in the queue</source>
            <translation>en file d’attente</translation>
        </message>
    </context>
    <context>
        <name>ChoiceView</name>
        <message>
            <source>What can be downloaded</source>
            <translation>Ce qui peut être téléchargé</translation>
        </message>
        <message>
            <source>The arrow keys choose, Enter downloads.</source>
            <translation>Les flèches choisissent, Entrée télécharge.</translation>
        </message>
    </context>
    <context>
        <name>Composer</name>
        <message>
            <source>Message</source>
            <translation>Message</translation>
        </message>
        <message>
            <source>Ask anything. Enter sends, Shift Enter breaks the line.</source>
            <translation>Posez votre question. Entrée envoie, Maj+Entrée va à la ligne.</translation>
        </message>
        <message>
            <source>Ask anything. Ctrl Enter sends, Enter breaks the line.</source>
            <translation>Posez votre question. Ctrl+Entrée envoie, Entrée va à la ligne.</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Arrêter</translation>
        </message>
        <message>
            <source>Send</source>
            <translation>Envoyer</translation>
        </message>
        <message>
            <source>Stop the reply (Esc)</source>
            <translation>Arrêter la réponse (Échap)</translation>
        </message>
        <message>
            <source>Send the message</source>
            <translation>Envoyer le message</translation>
        </message>
    </context>
    <context>
        <name>ConnectionList</name>
        <message>
            <source>Time</source>
            <translation>Heure</translation>
        </message>
        <message>
            <source>Host</source>
            <translation>Hôte</translation>
        </message>
        <message>
            <source>Purpose</source>
            <translation>Objet</translation>
        </message>
        <message>
            <source>Received</source>
            <translation>Reçu</translation>
        </message>
        <message>
            <source>Sent</source>
            <translation>Envoyé</translation>
        </message>
        <message>
            <source>Answer</source>
            <translation>Réponse</translation>
        </message>
        <message>
            <source>under way</source>
            <translation>en cours</translation>
        </message>
        <message>
            <source>no answer</source>
            <translation>sans réponse</translation>
        </message>
    </context>
    <context>
        <name>ConnectionsDialog</name>
        <message>
            <source>Connections</source>
            <translation>Connexions</translation>
        </message>
        <message>
            <source>Every connection that Causerie opens is listed here, the last thousand of them. Nothing else is ever contacted, and conversations never leave this computer.</source>
            <translation>Toutes les connexions que Causerie ouvre figurent ici, dans la limite des mille dernières. Rien d’autre n’est jamais contacté, et les conversations ne quittent jamais cet ordinateur.</translation>
        </message>
        <message>
            <source>Filter, such as a host</source>
            <translation>Filtrer, par exemple par hôte</translation>
        </message>
        <message>
            <source>Filter the connections</source>
            <translation>Filtrer les connexions</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Copier</translation>
        </message>
        <message>
            <source>Copies the selected lines; without a selection, all that are listed</source>
            <translation>Copie les lignes sélectionnées ; sans sélection, toutes celles de la liste</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Fermer</translation>
        </message>
        <message>
            <source>Causerie has opened no connection.</source>
            <translation>Causerie n’a ouvert aucune connexion.</translation>
        </message>
        <message>
            <source>No connection has this in it.</source>
            <translation>Aucune connexion ne contient ce texte.</translation>
        </message>
        <message>
            <source>1 connection</source>
            <translation>1 connexion</translation>
        </message>
        <message>
            <source>{n} connections</source>
            <translation>{n} connexions</translation>
        </message>
        <message>
            <source>{size} received</source>
            <translation>{size} reçus</translation>
        </message>
        <message>
            <source>Connections to the Hub are allowed.</source>
            <translation>Les connexions au Hub sont autorisées.</translation>
        </message>
        <message>
            <source>Causerie is offline: it opens none.</source>
            <translation>Causerie est hors ligne : aucune connexion n’est ouverte.</translation>
        </message>
    </context>
    <context>
        <name>ConversationList</name>
        <message>
            <source>Pinned</source>
            <translation>Épinglées</translation>
        </message>
        <message>
            <source>Today</source>
            <translation>Aujourd’hui</translation>
        </message>
        <message>
            <source>Yesterday</source>
            <translation>Hier</translation>
        </message>
        <message>
            <source>Previous 7 days</source>
            <translation>7 derniers jours</translation>
        </message>
        <message>
            <source>Previous 30 days</source>
            <translation>30 derniers jours</translation>
        </message>
    </context>
    <context>
        <name>DefaultsDialog</name>
        <message>
            <source>Defaults of {name}</source>
            <translation>Valeurs par défaut de {name}</translation>
        </message>
        <message>
            <source>These hold whenever this model is loaded; what is empty follows the settings.</source>
            <translation>Elles s’appliquent à chaque chargement de ce modèle ; ce qui est vide suit les réglages.</translation>
        </message>
        <message>
            <source>tokens</source>
            <translation>tokens</translation>
        </message>
        <message>
            <source>As in the settings</source>
            <translation>Comme dans les réglages</translation>
        </message>
        <message>
            <source>The model's own</source>
            <translation>Celui du modèle</translation>
        </message>
        <message>
            <source>What it is good at, where it fails…</source>
            <translation>Ses points forts, ses faiblesses…</translation>
        </message>
        <message>
            <source>It was trained for {n} tokens.</source>
            <translation>Le modèle a été entraîné pour {n} tokens.</translation>
        </message>
        <message>
            <source>More looks back further in a conversation and needs more memory.</source>
            <translation>Plus le contexte est grand, plus le modèle remonte loin dans la conversation et plus il faut de mémoire.</translation>
        </message>
        <message>
            <source>Context</source>
            <translation>Contexte</translation>
        </message>
        <message>
            <source>How much of it runs on the graphics card; 0 uses the processor alone.</source>
            <translation>Part du modèle confiée à la carte graphique ; 0 n’utilise que le processeur.</translation>
        </message>
        <message>
            <source>Layers on the graphics card</source>
            <translation>Couches sur la carte graphique</translation>
        </message>
        <message>
            <source>What it is told before each new conversation.</source>
            <translation>Ce qui est dit au modèle avant chaque nouvelle conversation.</translation>
        </message>
        <message>
            <source>System prompt</source>
            <translation>Prompt système</translation>
        </message>
        <message>
            <source>How messages are written down for the model, as a Jinja chat template. A wrong one makes replies odd.</source>
            <translation>La façon dont les messages sont écrits pour le modèle, sous forme de gabarit de conversation Jinja. S’il ne convient pas, les réponses deviennent étranges.</translation>
        </message>
        <message>
            <source>Chat template</source>
            <translation>Gabarit de conversation</translation>
        </message>
        <message>
            <source>Notes</source>
            <translation>Notes</translation>
        </message>
        <message>
            <source>For you; the model never sees them.</source>
            <translation>Pour vous ; le modèle ne les voit jamais.</translation>
        </message>
        <message>
            <source>Clear</source>
            <translation>Effacer</translation>
        </message>
        <message>
            <source>Let everything follow the settings again; the notes stay</source>
            <translation>Laisser de nouveau tout suivre les réglages ; les notes restent</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Annuler</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Enregistrer</translation>
        </message>
    </context>
    <context>
        <name>DetailsPage</name>
        <message>
            <source>Read the card ›</source>
            <translation>Lire la fiche ›</translation>
        </message>
        <message>
            <source>Bits are for each weight of the model: with fewer, the file is smaller and the answers are coarser. Whether it fits is a rule of thumb: a file may take two thirds of the memory. The speed is predicted from how fast this computer reads its memory (± 30 %).</source>
            <translation>Les bits sont comptés pour chaque poids du modèle : moins il y en a, plus le fichier est petit et plus les réponses sont grossières. Pour savoir s’il convient, la règle est approximative : un fichier peut prendre les deux tiers de la mémoire. La vitesse est prédite d’après celle à laquelle cet ordinateur lit sa mémoire (± 30 %).</translation>
        </message>
        <message>
            <source>Each of them sees pictures, + {size}.</source>
            <translation>Chacun d’eux voit les images, + {size}.</translation>
        </message>
    </context>
    <context>
        <name>DetailsView</name>
        <message>
            <source>‹ Discover</source>
            <translation>‹ Découvrir</translation>
        </message>
        <message>
            <source>Back to the list (Esc)</source>
            <translation>Revenir à la liste (Échap)</translation>
        </message>
        <message>
            <source>Asking the Hub for its files…</source>
            <translation>Demande de ses fichiers au Hub…</translation>
        </message>
        <message>
            <source>Its files are listed by the Hub, and Causerie is offline</source>
            <translation>La liste de ses fichiers vient du Hub, et Causerie est hors ligne</translation>
        </message>
        <message>
            <source>Go online</source>
            <translation>Passer en ligne</translation>
        </message>
        <message>
            <source>{n} parameters</source>
            <translation>{n} paramètres</translation>
        </message>
        <message>
            <source>{n} tokens of context</source>
            <translation>{n} tokens de contexte</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Réessayer</translation>
        </message>
        <message>
            <source>Its page in the browser…</source>
            <translation>Sa page dans le navigateur…</translation>
        </message>
        <message>
            <source>Files ›</source>
            <translation>Fichiers ›</translation>
        </message>
        <message>
            <source>Card ›</source>
            <translation>Fiche ›</translation>
        </message>
        <message>
            <source>What can be downloaded</source>
            <translation>Ce qui peut être téléchargé</translation>
        </message>
        <message>
            <source>What its maker says of the model</source>
            <translation>Ce que l’auteur du modèle en dit</translation>
        </message>
    </context>
    <context>
        <name>DiskUseView</name>
        <message>
            <source>Models {size}</source>
            <translation>Modèles {size}</translation>
        </message>
        <message>
            <source>Models on this drive {size}</source>
            <translation>Modèles sur ce disque {size}</translation>
        </message>
        <message>
            <source>Unfinished {size}</source>
            <translation>Inachevés {size}</translation>
        </message>
        <message>
            <source>Other files {size}</source>
            <translation>Autres fichiers {size}</translation>
        </message>
        <message>
            <source>Free {size}</source>
            <translation>Libre {size}</translation>
        </message>
    </context>
    <context>
        <name>DownloadActions</name>
        <message>
            <source>Chat now</source>
            <translation>Discuter maintenant</translation>
        </message>
        <message>
            <source>Show the terms…</source>
            <translation>Afficher les conditions…</translation>
        </message>
        <message>
            <source>Enter a token…</source>
            <translation>Saisir un token…</translation>
        </message>
        <message>
            <source>Earlier in the queue (Alt+Up)</source>
            <translation>Avancer dans la file d’attente (Alt+Haut)</translation>
        </message>
        <message>
            <source>Later in the queue (Alt+Down)</source>
            <translation>Reculer dans la file d’attente (Alt+Bas)</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>Mettre en pause</translation>
        </message>
        <message>
            <source>Pause {name}</source>
            <translation>Mettre {name} en pause</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Réessayer</translation>
        </message>
        <message>
            <source>Try {name} again</source>
            <translation>Réessayer : {name}</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>Reprendre</translation>
        </message>
        <message>
            <source>Resume {name}</source>
            <translation>Reprendre {name}</translation>
        </message>
        <message>
            <source>Remove from the list</source>
            <translation>Retirer de la liste</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Annuler</translation>
        </message>
        <message>
            <source>Chat with {name} now</source>
            <translation>Discuter maintenant avec {name}</translation>
        </message>
        <message>
            <source>Show the terms of {name}</source>
            <translation>Afficher les conditions de {name}</translation>
        </message>
        <message>
            <source>Enter a token for {name}</source>
            <translation>Saisir un token pour {name}</translation>
        </message>
        <message>
            <source>Remove {name} from the list</source>
            <translation>Retirer {name} de la liste</translation>
        </message>
        <message>
            <source>Cancel {name}</source>
            <translation>Annuler {name}</translation>
        </message>
        <message>
            <source>Move {name} towards the front</source>
            <translation>Avancer {name} dans la file</translation>
        </message>
        <message>
            <source>Move {name} towards the end</source>
            <translation>Reculer {name} dans la file</translation>
        </message>
    </context>
    <context>
        <name>DownloadCard</name>
        <message>
            <source>Progress of {name}</source>
            <translation>Progression de {name}</translation>
        </message>
    </context>
    <context>
        <name>Downloads</name>
        <message>
            <source>Waiting</source>
            <translation>En attente</translation>
        </message>
        <message>
            <source>Waiting for its turn</source>
            <translation>En attente de son tour</translation>
        </message>
        <message>
            <source>Downloading</source>
            <translation>Téléchargement en cours</translation>
        </message>
        <message>
            <source>Checking what is here already</source>
            <translation>Vérification de ce qui est déjà là</translation>
        </message>
        <message>
            <source>Waiting for the network</source>
            <translation>En attente du réseau</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>En pause</translation>
        </message>
        <message>
            <source>Stopped</source>
            <translation>Arrêté</translation>
        </message>
        <message>
            <source>Complete</source>
            <translation>Terminé</translation>
        </message>
        <message>
            <source>It goes on by itself.</source>
            <translation>La reprise est automatique.</translation>
        </message>
        <message>
            <source>Delete the {size} that are here?</source>
            <translation>Supprimer les {size} déjà reçus ?</translation>
        </message>
        <message>
            <source>Everything has arrived</source>
            <translation>Tout est arrivé</translation>
        </message>
        <message>
            <source>Nothing is on its way</source>
            <translation>Aucun téléchargement en cours</translation>
        </message>
        <message>
            <source>{size} still to come</source>
            <translation>Encore {size} à recevoir</translation>
        </message>
        <message>
            <source>nothing is on its way</source>
            <translation>aucun téléchargement en cours</translation>
        </message>
        <message>
            <source>{size} free on the drive</source>
            <translation>{size} libres sur le disque</translation>
        </message>
        <message>
            <source>Only {free} are free on the drive: {missing} too little for all of this.</source>
            <translation>Seulement {free} libres sur le disque : il manque {missing} pour tout recevoir.</translation>
        </message>
        <message>
            <source>The {size} that have arrived are kept.</source>
            <translation>Les {size} déjà reçus sont conservés.</translation>
        </message>
        <message>
            <source>{time} left</source>
            <translation>encore {time}</translation>
        </message>
        <message>
            <source>complete and checked</source>
            <translation>complet et vérifié</translation>
        </message>
    </context>
    <context>
        <name>DownloadsHeader</name>
        <message>
            <source>Causerie is offline. Allow connections in Discover or in the settings, and the downloads go on.</source>
            <translation>Causerie est hors ligne. Autorisez les connexions dans Découvrir ou dans les réglages, et les téléchargements reprendront.</translation>
        </message>
        <message>
            <source>Pause all</source>
            <translation>Tout mettre en pause</translation>
        </message>
        <message>
            <source>Resume all</source>
            <translation>Tout reprendre</translation>
        </message>
        <message>
            <source>Clear finished</source>
            <translation>Retirer les terminés</translation>
        </message>
        <message>
            <source>Takes what has arrived out of this list; the files stay.</source>
            <translation>Retire de cette liste ce qui est arrivé ; les fichiers restent.</translation>
        </message>
        <message>
            <source>MB/s</source>
            <translation>Mo/s</translation>
        </message>
        <message>
            <source>None</source>
            <translation>Aucune</translation>
        </message>
        <message>
            <source>Speed limit of all downloads together</source>
            <translation>Limite de vitesse pour l’ensemble des téléchargements</translation>
        </message>
        <message>
            <source>Leaves some of your connection to others; 0 sets no limit.</source>
            <translation>Laisse une part de votre connexion aux autres ; 0 ne fixe aucune limite.</translation>
        </message>
        <message>
            <source>Speed limit</source>
            <translation>Limite de vitesse</translation>
        </message>
    </context>
    <context>
        <name>DownloadsSection</name>
        <message>
            <source>Downloads</source>
            <translation>Téléchargements</translation>
        </message>
    </context>
    <context>
        <name>EmptyState</name>
        <message>
            <source>What would you like to talk about?</source>
            <translation>De quoi voulez-vous parler ?</translation>
        </message>
        <message>
            <source>The model runs on this computer. Nothing you write leaves it.</source>
            <translation>Le modèle tourne sur cet ordinateur. Rien de ce que vous écrivez n’en sort.</translation>
        </message>
        <message>
            <source>What is a token?</source>
            <translation>Qu’est-ce qu’un token ?</translation>
        </message>
        <message>
            <source>What does temperature change?</source>
            <translation>Que change la température ?</translation>
        </message>
        <message>
            <source>How do I add a larger model?</source>
            <translation>Comment ajouter un modèle plus grand ?</translation>
        </message>
        <message>
            <source>This computer has {cores} cores and {memory} of memory: model files up to about {size} fit. &lt;a href="models"&gt;Add a larger model&lt;/a&gt;</source>
            <translation>Avec {cores} cœurs et {memory} de mémoire, cet ordinateur accepte des modèles jusqu’à {size} environ. &lt;a href="models"&gt;Ajouter un modèle plus grand&lt;/a&gt;</translation>
        </message>
    </context>
    <context>
        <name>FactsList</name>
        <message>
            <source>About this model</source>
            <translation>À propos de ce modèle</translation>
        </message>
        <message>
            <source>How open it is, as its card states</source>
            <translation>Son ouverture, d’après sa fiche</translation>
        </message>
        <message>
            <source>The card states nothing of its data, its code or how its weights may be used.</source>
            <translation>La fiche ne dit rien de ses données, de son code ni de l’usage permis de ses poids.</translation>
        </message>
        <message>
            <source>{n} more</source>
            <translation>{n} de plus</translation>
        </message>
        <message>
            <source>{n} downloads in the last 30 days, {likes} likes</source>
            <translation>{n} téléchargements ces 30 derniers jours, {likes} « j’aime »</translation>
        </message>
        <message>
            <source>yes: it was made to chat</source>
            <translation>oui : il est fait pour discuter</translation>
        </message>
        <message>
            <source>no: it continues texts rather than answering</source>
            <translation>non : il prolonge les textes plutôt que d’y répondre</translation>
        </message>
        <message>
            <source>On the Hub</source>
            <translation>Sur le Hub</translation>
        </message>
        <message>
            <source>Made from</source>
            <translation>Issu de</translation>
        </message>
        <message>
            <source>Languages</source>
            <translation>Langues</translation>
        </message>
        <message>
            <source>Architecture</source>
            <translation>Architecture</translation>
        </message>
        <message>
            <source>Chat template</source>
            <translation>Gabarit de conversation</translation>
        </message>
        <message>
            <source>Used by others</source>
            <translation>Popularité</translation>
        </message>
        <message>
            <source>Updated</source>
            <translation>Mis à jour</translation>
        </message>
        <message>
            <source>{date}; everything here is as of commit {commit}</source>
            <translation>{date} ; tout ce qui figure ici correspond à la version {commit}</translation>
        </message>
        <message>
            <source>Weights</source>
            <translation>Poids</translation>
        </message>
        <message>
            <source>Data</source>
            <translation>Données</translation>
        </message>
        <message>
            <source>Paper</source>
            <translation>Article</translation>
        </message>
        <message>
            <source>Code</source>
            <translation>Code</translation>
        </message>
    </context>
    <context>
        <name>Figures</name>
        <message>
            <source>{n} tok/s</source>
            <translation>{n} tokens/s</translation>
        </message>
        <message>
            <source>1 token</source>
            <translation>1 token</translation>
        </message>
        <message>
            <source>0 tokens</source>
            <translation>0 token</translation>
        </message>
        <message>
            <source>{n} tokens</source>
            <translation>{n} tokens</translation>
        </message>
        <message>
            <source>{n} of {size}</source>
            <translation>{n} sur {size}</translation>
        </message>
        <message>
            <source>{n} days</source>
            <translation>{n} jours</translation>
        </message>
        <message>
            <source>with an error</source>
            <translation>sur une erreur</translation>
        </message>
        <message>
            <source>interrupted</source>
            <translation>par une interruption</translation>
        </message>
        <message>
            <source>by itself</source>
            <translation>d’elle-même</translation>
        </message>
        <message>
            <source>at the token limit</source>
            <translation>à la limite de tokens</translation>
        </message>
        <message>
            <source>stopped by you</source>
            <translation>à votre demande</translation>
        </message>
        <message>
            <source>context full</source>
            <translation>faute de contexte</translation>
        </message>
    </context>
    <context>
        <name>FilterBar</name>
        <message>
            <source>Fits this computer</source>
            <translation>Convient à cet ordinateur</translation>
        </message>
        <message>
            <source>Only models of which a usual file takes at most two thirds of the memory</source>
            <translation>Seulement les modèles dont un fichier habituel occupe au plus les deux tiers de la mémoire</translation>
        </message>
        <message>
            <source>Order</source>
            <translation>Ordre</translation>
        </message>
        <message>
            <source>What it is for</source>
            <translation>Usage</translation>
        </message>
        <message>
            <source>Parameters, at least</source>
            <translation>Paramètres, au minimum</translation>
        </message>
        <message>
            <source>Parameters, at most</source>
            <translation>Paramètres, au maximum</translation>
        </message>
        <message>
            <source>Licence</source>
            <translation>Licence</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Langue</translation>
        </message>
        <message>
            <source>Whether terms must be accepted first</source>
            <translation>Conditions à accepter au préalable</translation>
        </message>
        <message>
            <source>Clear the filters</source>
            <translation>Effacer les filtres</translation>
        </message>
        <message>
            <source>Trending</source>
            <translation>Tendances</translation>
        </message>
        <message>
            <source>Most downloaded</source>
            <translation>Les plus téléchargés</translation>
        </message>
        <message>
            <source>Most liked</source>
            <translation>Les plus aimés</translation>
        </message>
        <message>
            <source>Newest</source>
            <translation>Les plus récents</translation>
        </message>
        <message>
            <source>Any task</source>
            <translation>Tous les usages</translation>
        </message>
        <message>
            <source>Smallest: any</source>
            <translation>Taille min. : aucune</translation>
        </message>
        <message>
            <source>Largest: any</source>
            <translation>Taille max. : aucune</translation>
        </message>
        <message>
            <source>Smallest: {size}</source>
            <translation>Taille min. : {size}</translation>
        </message>
        <message>
            <source>Largest: {size}</source>
            <translation>Taille max. : {size}</translation>
        </message>
        <message>
            <source>Any licence</source>
            <translation>Toutes les licences</translation>
        </message>
        <message>
            <source>Other licences</source>
            <translation>Autres licences</translation>
        </message>
        <message>
            <source>Any language</source>
            <translation>Toutes les langues</translation>
        </message>
        <message>
            <source>Free and gated</source>
            <translation>Accès libre ou restreint</translation>
        </message>
        <message>
            <source>Free</source>
            <translation>Accès libre</translation>
        </message>
        <message>
            <source>Gated: terms first</source>
            <translation>Accès restreint : conditions à accepter</translation>
        </message>
    </context>
    <context>
        <name>FoldersCard</name>
        <message>
            <source>the shelf</source>
            <translation>la bibliothèque</translation>
        </message>
        <message>
            <source>used in place, never changed</source>
            <translation>utilisés sur place, jamais modifiés</translation>
        </message>
        <message>
            <source>no models</source>
            <translation>aucun modèle</translation>
        </message>
        <message>
            <source>1 model</source>
            <translation>1 modèle</translation>
        </message>
        <message>
            <source>{n} models</source>
            <translation>{n} modèles</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>Afficher</translation>
        </message>
        <message>
            <source>Show this folder</source>
            <translation>Afficher ce dossier</translation>
        </message>
        <message>
            <source>Show {folder}</source>
            <translation>Afficher {folder}</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Retirer</translation>
        </message>
        <message>
            <source>List its models no longer; the files stay where they are</source>
            <translation>Ne plus lister ses modèles ; les fichiers restent où ils sont</translation>
        </message>
        <message>
            <source>Remove {folder}</source>
            <translation>Retirer {folder}</translation>
        </message>
    </context>
    <context>
        <name>FreeingPanel</name>
        <message>
            <source>Close the suggestions</source>
            <translation>Fermer les suggestions</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Fermer</translation>
        </message>
        <message>
            <source>Looking for what could go…</source>
            <translation>Recherche de fichiers superflus…</translation>
        </message>
        <message>
            <source>Nothing stands out: no file is here twice, unfinished or long unused.</source>
            <translation>Rien à signaler : aucun fichier en double, inachevé ou inutilisé depuis longtemps.</translation>
        </message>
        <message>
            <source>Up to {size} could be freed</source>
            <translation>Jusqu’à {size} peuvent être libérés</translation>
        </message>
        <message>
            <source>Delete…</source>
            <translation>Supprimer…</translation>
        </message>
        <message>
            <source>Move to trash…</source>
            <translation>Mettre à la corbeille…</translation>
        </message>
        <message>
            <source>The same file is here as {name} too.</source>
            <translation>Le même fichier se trouve aussi ici sous le nom {name}.</translation>
        </message>
        <message>
            <source>Another quantization of the same model is here: {name}.</source>
            <translation>Une autre quantification du même modèle se trouve ici : {name}.</translation>
        </message>
        <message>
            <source>A download or copy that was never finished.</source>
            <translation>Un téléchargement ou une copie qui n’a jamais abouti.</translation>
        </message>
    </context>
    <context>
        <name>Header</name>
        <message>
            <source>Loading the model</source>
            <translation>Chargement du modèle</translation>
        </message>
        <message>
            <source>Show the conversations (Ctrl+B)</source>
            <translation>Afficher les conversations (Ctrl+B)</translation>
        </message>
        <message>
            <source>Show the conversations</source>
            <translation>Afficher les conversations</translation>
        </message>
        <message>
            <source>Inspector</source>
            <translation>Inspecteur</translation>
        </message>
        <message>
            <source>System prompt, sampling, context and figures (Ctrl+I)</source>
            <translation>Prompt système, échantillonnage, contexte et mesures (Ctrl+I)</translation>
        </message>
        <message>
            <source>No model</source>
            <translation>Aucun modèle</translation>
        </message>
        <message>
            <source>Loading {name}…</source>
            <translation>Chargement de {name}…</translation>
        </message>
        <message>
            <source>ready</source>
            <translation>prêt</translation>
        </message>
        <message>
            <source>Model: {text}</source>
            <translation>Modèle : {text}</translation>
        </message>
        <message>
            <source>Choose a model</source>
            <translation>Choisir un modèle</translation>
        </message>
        <message>
            <source>could not be loaded</source>
            <translation>n’a pas pu être chargé</translation>
        </message>
        <message>
            <source>stopped</source>
            <translation>s’est arrêté</translation>
        </message>
        <message>
            <source>{n} of {m} layers on the graphics card</source>
            <translation>{n} couches sur {m} dans la carte graphique</translation>
        </message>
        <message>
            <source>on the processor, 1 thread</source>
            <translation>sur le processeur, 1 fil</translation>
        </message>
        <message>
            <source>on the processor, {n} threads</source>
            <translation>sur le processeur, {n} fils</translation>
        </message>
        <message>
            <source>{n} context</source>
            <translation>contexte de {n} tokens</translation>
        </message>
        <message>
            <source>Stop loading</source>
            <translation>Arrêter le chargement</translation>
        </message>
        <message>
            <source>Load it again</source>
            <translation>Charger à nouveau</translation>
        </message>
        <message>
            <source>Models… (Ctrl+M)</source>
            <translation>Modèles… (Ctrl+M)</translation>
        </message>
    </context>
    <context>
        <name>Inspector</name>
        <message>
            <source>System prompt</source>
            <translation>Prompt système</translation>
        </message>
        <message>
            <source>Tell the model who it is and how to answer.</source>
            <translation>Dites au modèle qui il est et comment répondre.</translation>
        </message>
        <message>
            <source>Examples</source>
            <translation>Exemples</translation>
        </message>
        <message>
            <source>System prompts to try</source>
            <translation>Prompts système à essayer</translation>
        </message>
        <message>
            <source>System prompt {system} · conversation {conversation} · next message {draft}.</source>
            <translation>Prompt système {system} · conversation {conversation} · prochain message {draft}.</translation>
        </message>
        <message>
            <source>The model still sees everything.</source>
            <translation>Le modèle voit encore tout.</translation>
        </message>
        <message>
            <source>The oldest messages no longer fit; the model does not see them.</source>
            <translation>Les messages les plus anciens ne tiennent plus ; le modèle ne les voit pas.</translation>
        </message>
        <message>
            <source>How much of its context the model has used; counted once it is loaded.</source>
            <translation>La part de son contexte que le modèle a utilisée ; elle est comptée dès qu’il est chargé.</translation>
        </message>
        <message>
            <source>None</source>
            <translation>Aucune</translation>
        </message>
        <message>
            <source>Patient teacher</source>
            <translation>Professeur patient</translation>
        </message>
        <message>
            <source>You are a patient teacher of language models. Answer in detail.</source>
            <translation>Vous êtes un professeur patient qui explique les modèles de langue. Répondez en détail.</translation>
        </message>
        <message>
            <source>Short answers</source>
            <translation>Réponses courtes</translation>
        </message>
        <message>
            <source>Answer in one short sentence.</source>
            <translation>Répondez en une seule phrase.</translation>
        </message>
        <message>
            <source>Answer in French</source>
            <translation>Réponses en français</translation>
        </message>
        <message>
            <source>Answer in English</source>
            <translation>Réponses en anglais</translation>
        </message>
        <message>
            <source>Context</source>
            <translation>Contexte</translation>
        </message>
    </context>
    <context>
        <name>InterruptedMove</name>
        <message>
            <source>Go on</source>
            <translation>Continuer</translation>
        </message>
        <message>
            <source>Go on with moving the shelf</source>
            <translation>Continuer le déplacement de la bibliothèque</translation>
        </message>
        <message>
            <source>Take it back</source>
            <translation>Revenir en arrière</translation>
        </message>
        <message>
            <source>Leave the shelf where it is</source>
            <translation>Laisser la bibliothèque où elle est</translation>
        </message>
        <message>
            <source>Moving the shelf to {folder} was interrupted. Nothing is lost.</source>
            <translation>Le déplacement de la bibliothèque vers {folder} a été interrompu. Rien n’est perdu.</translation>
        </message>
    </context>
    <context>
        <name>Loading</name>
        <message>
            <source>{name} is used where it lies.</source>
            <translation>{name} est utilisé là où il se trouve.</translation>
        </message>
        <message>
            <source>Copy to the shelf</source>
            <translation>Copier dans la bibliothèque</translation>
        </message>
        <message>
            <source>This takes effect when the model is loaded again.</source>
            <translation>Ce changement prendra effet au prochain chargement du modèle.</translation>
        </message>
        <message>
            <source>Load it now</source>
            <translation>Charger maintenant</translation>
        </message>
    </context>
    <context>
        <name>MainWindow</name>
        <message>
            <source>Open a link</source>
            <translation>Ouvrir un lien</translation>
        </message>
        <message>
            <source>Open this address in your browser?</source>
            <translation>Ouvrir cette adresse dans votre navigateur ?</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Ouvrir</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Annuler</translation>
        </message>
        <message>
            <source>“{title}” is in the trash.</source>
            <translation>« {title} » est dans la corbeille.</translation>
        </message>
        <message>
            <source>The message and what followed it are in the trash.</source>
            <translation>Le message et ce qui le suivait sont dans la corbeille.</translation>
        </message>
        <message>
            <source>{name} is on the shelf.</source>
            <translation>{name} est dans la bibliothèque.</translation>
        </message>
        <message>
            <source>Load it</source>
            <translation>Charger</translation>
        </message>
        <message>
            <source>Files with an update: {n}. They are marked in the list.</source>
            <translation>Fichiers à mettre à jour : {n}. Ils sont signalés dans la liste.</translation>
        </message>
        <message>
            <source>No file has an update.</source>
            <translation>Aucun fichier n’a de mise à jour.</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Annuler</translation>
        </message>
        <message>
            <source>Stopping…</source>
            <translation>Arrêt en cours…</translation>
        </message>
        <message>
            <source>Something went wrong inside Causerie. What you wrote is kept, and a report is on this computer.</source>
            <translation>Une erreur s’est produite dans Causerie. Ce que vous avez écrit est conservé, et un rapport se trouve sur cet ordinateur.</translation>
        </message>
        <message>
            <source>Copy the report</source>
            <translation>Copier le rapport</translation>
        </message>
        <message>
            <source>The last reply is on the clipboard.</source>
            <translation>La dernière réponse est dans le presse-papiers.</translation>
        </message>
    </context>
    <context>
        <name>ModelFacts</name>
        <message>
            <source>over {n} tok/s</source>
            <translation>plus de {n} tokens/s</translation>
        </message>
        <message>
            <source>{n} tok/s</source>
            <translation>{n} tokens/s</translation>
        </message>
        <message>
            <source>Chat</source>
            <translation>Conversation</translation>
        </message>
        <message>
            <source>Sees pictures</source>
            <translation>Voit les images</translation>
        </message>
        <message>
            <source>Embeddings</source>
            <translation>Embeddings</translation>
        </message>
        <message>
            <source>Code</source>
            <translation>Code</translation>
        </message>
        <message>
            <source>English</source>
            <translation>Anglais</translation>
        </message>
        <message>
            <source>French</source>
            <translation>Français</translation>
        </message>
        <message>
            <source>German</source>
            <translation>Allemand</translation>
        </message>
        <message>
            <source>Spanish</source>
            <translation>Espagnol</translation>
        </message>
        <message>
            <source>Italian</source>
            <translation>Italien</translation>
        </message>
        <message>
            <source>Portuguese</source>
            <translation>Portugais</translation>
        </message>
        <message>
            <source>Dutch</source>
            <translation>Néerlandais</translation>
        </message>
        <message>
            <source>Polish</source>
            <translation>Polonais</translation>
        </message>
        <message>
            <source>Czech</source>
            <translation>Tchèque</translation>
        </message>
        <message>
            <source>Swedish</source>
            <translation>Suédois</translation>
        </message>
        <message>
            <source>Greek</source>
            <translation>Grec</translation>
        </message>
        <message>
            <source>Ukrainian</source>
            <translation>Ukrainien</translation>
        </message>
        <message>
            <source>Russian</source>
            <translation>Russe</translation>
        </message>
        <message>
            <source>Turkish</source>
            <translation>Turc</translation>
        </message>
        <message>
            <source>Arabic</source>
            <translation>Arabe</translation>
        </message>
        <message>
            <source>Hebrew</source>
            <translation>Hébreu</translation>
        </message>
        <message>
            <source>Hindi</source>
            <translation>Hindi</translation>
        </message>
        <message>
            <source>Chinese</source>
            <translation>Chinois</translation>
        </message>
        <message>
            <source>Japanese</source>
            <translation>Japonais</translation>
        </message>
        <message>
            <source>Korean</source>
            <translation>Coréen</translation>
        </message>
        <message>
            <source>Vietnamese</source>
            <translation>Vietnamien</translation>
        </message>
        <message>
            <source>Thai</source>
            <translation>Thaï</translation>
        </message>
        <message>
            <source>Indonesian</source>
            <translation>Indonésien</translation>
        </message>
        <message>
            <source>Fits</source>
            <translation>Convient</translation>
        </message>
        <message>
            <source>Barely fits</source>
            <translation>Juste</translation>
        </message>
        <message>
            <source>Too large</source>
            <translation>Trop grand</translation>
        </message>
        <message>
            <source>{least} to {most}</source>
            <translation>{least} à {most}</translation>
        </message>
        <message>
            <source>Fits up to {size}</source>
            <translation>Convient jusqu’à {size}</translation>
        </message>
        <message>
            <source>Going online sends what you search for, and which models you open or download, to huggingface.co, which also sees your internet address; your conversations never leave this computer.</source>
            <translation>Passer en ligne communique à huggingface.co ce que vous cherchez et les modèles que vous ouvrez ou téléchargez ; le site voit aussi votre adresse IP, mais vos conversations ne quittent jamais cet ordinateur.</translation>
        </message>
        <message>
            <source>{n} %</source>
            <translation>{n} %</translation>
        </message>
        <message>
            <source>paused</source>
            <translation>en pause</translation>
        </message>
        <message>
            <source>in the queue</source>
            <translation>en file d’attente</translation>
        </message>
        <message>
            <source>being checked</source>
            <translation>en cours de vérification</translation>
        </message>
        <message>
            <source>waiting for the network</source>
            <translation>en attente du réseau</translation>
        </message>
        <message>
            <source>stopped by an error</source>
            <translation>arrêté par une erreur</translation>
        </message>
        <message>
            <source>on the shelf</source>
            <translation>dans la bibliothèque</translation>
        </message>
    </context>
    <context>
        <name>ModelsPage</name>
        <message>
            <source>‹ Conversation</source>
            <translation>‹ Conversation</translation>
        </message>
        <message>
            <source>Back to the conversation (Esc)</source>
            <translation>Revenir à la conversation (Échap)</translation>
        </message>
        <message>
            <source>Models</source>
            <translation>Modèles</translation>
        </message>
    </context>
    <context>
        <name>NoDownloads</name>
        <message>
            <source>Nothing is being downloaded</source>
            <translation>Aucun téléchargement en cours</translation>
        </message>
        <message>
            <source>A model that you choose in Discover arrives here while you go on chatting. You may close Causerie at any time: what has begun goes on at the next start.</source>
            <translation>Un modèle que vous choisissez dans Découvrir arrive ici pendant que vous continuez à converser. Vous pouvez fermer Causerie à tout moment : ce qui est commencé reprend au prochain démarrage.</translation>
        </message>
        <message>
            <source>Discover ›</source>
            <translation>Découvrir ›</translation>
        </message>
        <message>
            <source>Discover models</source>
            <translation>Découvrir des modèles</translation>
        </message>
    </context>
    <context>
        <name>NoticeBar</name>
        <message>
            <source>Close this message</source>
            <translation>Fermer ce message</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Fermer</translation>
        </message>
    </context>
    <context>
        <name>Notices</name>
        <message>
            <source>{name} is here, complete and checked.</source>
            <translation>{name} est arrivé, complet et vérifié.</translation>
        </message>
        <message>
            <source>Chat now</source>
            <translation>Discuter maintenant</translation>
        </message>
        <message>
            <source>The download of {name} has stopped. {why}</source>
            <translation>Le téléchargement de {name} s’est arrêté. {why}</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>Afficher</translation>
        </message>
    </context>
    <context>
        <name>OfferCard</name>
        <message>
            <source>Too large for this computer</source>
            <translation>Trop grand pour cet ordinateur</translation>
        </message>
        <message>
            <source>Even {name}, the smallest, has {size}; this computer has {memory} of memory.</source>
            <translation>Même {name}, le plus petit, pèse {size} ; cet ordinateur a {memory} de mémoire.</translation>
        </message>
        <message>
            <source>Nothing to download</source>
            <translation>Rien à télécharger</translation>
        </message>
        <message>
            <source>No GGUF file that Causerie could load is in this repository.</source>
            <translation>Ce dépôt ne contient aucun fichier GGUF que Causerie puisse charger.</translation>
        </message>
        <message>
            <source>{name}, {size}: the best that fits</source>
            <translation>{name}, {size} : le meilleur qui convienne</translation>
        </message>
        <message>
            <source>{name}, {size}: barely fits</source>
            <translation>{name}, {size} : convient tout juste</translation>
        </message>
        <message>
            <source>{name}, {size}: the usual choice</source>
            <translation>{name}, {size} : le choix habituel</translation>
        </message>
        <message>
            <source>Download</source>
            <translation>Télécharger</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Réessayer</translation>
        </message>
        <message>
            <source>On the shelf</source>
            <translation>Dans la bibliothèque</translation>
        </message>
        <message>
            <source>Download {name}, {size}</source>
            <translation>Télécharger {name}, {size}</translation>
        </message>
        <message>
            <source>Try to download {name} again</source>
            <translation>Réessayer de télécharger {name}</translation>
        </message>
        <message>
            <source>{name} is on the shelf.</source>
            <translation>{name} est dans la bibliothèque.</translation>
        </message>
        <message>
            <source>Show the download of {name}</source>
            <translation>Afficher le téléchargement de {name}</translation>
        </message>
        <message>
            <source>It needs most of this computer's {memory} of memory: close other programs before you load it.</source>
            <translation>Il lui faut la plus grande partie des {memory} de mémoire de cet ordinateur : fermez d’autres programmes avant de le charger.</translation>
        </message>
        <message>
            <source>A file of up to {room} leaves enough of this computer's {memory} for everything else.</source>
            <translation>Un fichier de {room} au plus laisse assez de place à tout le reste dans les {memory} de mémoire de cet ordinateur.</translation>
        </message>
        <message>
            <source>It is the usual balance of quality and size.</source>
            <translation>C’est l’équilibre habituel entre qualité et taille.</translation>
        </message>
        <message>
            <source>With it comes what lets the model see pictures, {size}.</source>
            <translation>S’y ajoute ce qui permet au modèle de voir les images ({size}).</translation>
        </message>
    </context>
    <context>
        <name>OfflineCard</name>
        <message>
            <source>Causerie is offline</source>
            <translation>Causerie est hors ligne</translation>
        </message>
        <message>
            <source>Go online</source>
            <translation>Passer en ligne</translation>
        </message>
    </context>
    <context>
        <name>Page</name>
        <message>
            <source>‹ Conversation</source>
            <translation>‹ Conversation</translation>
        </message>
        <message>
            <source>Back to the conversation (Esc)</source>
            <translation>Revenir à la conversation (Échap)</translation>
        </message>
    </context>
    <context>
        <name>Pages</name>
        <message>
            <source>Conversations</source>
            <translation>Conversations</translation>
        </message>
        <message>
            <source>Models</source>
            <translation>Modèles</translation>
        </message>
        <message>
            <source>Logs</source>
            <translation>Journaux</translation>
        </message>
    </context>
    <context>
        <name>ParameterControl</name>
        <message>
            <source>Back to {value}</source>
            <translation>Revenir à {value}</translation>
        </message>
        <message>
            <source>Reset {name}</source>
            <translation>Réinitialiser : {name}</translation>
        </message>
        <message>
            <source>random</source>
            <translation>aléatoire</translation>
        </message>
    </context>
    <context>
        <name>ResultDelegate</name>
        <message>
            <source>{n} downloads</source>
            <translation>{n} téléchargements</translation>
        </message>
        <message>
            <source>gated</source>
            <translation>à accès restreint</translation>
        </message>
    </context>
    <context>
        <name>ResultHeader</name>
        <message>
            <source>Model</source>
            <translation>Modèle</translation>
        </message>
        <message>
            <source>Parameters</source>
            <translation>Paramètres</translation>
        </message>
        <message>
            <source>Downloads</source>
            <translation>Téléchargements</translation>
        </message>
        <message>
            <source>Updated</source>
            <translation>Mis à jour</translation>
        </message>
        <message>
            <source>On this computer</source>
            <translation>Sur cet ordinateur</translation>
        </message>
    </context>
    <context>
        <name>ResultList</name>
        <message>
            <source>{n} downloads</source>
            <translation>{n} téléchargements</translation>
        </message>
        <message>
            <source>updated {date}</source>
            <translation>mis à jour le {date}</translation>
        </message>
        <message>
            <source>{n} parameters</source>
            <translation>{n} paramètres</translation>
        </message>
        <message>
            <source>gated</source>
            <translation>à accès restreint</translation>
        </message>
    </context>
    <context>
        <name>ResultRows</name>
        <message>
            <source>At Q4_K_M, a file of this many parameters has about {size}.</source>
            <translation>En Q4_K_M, un fichier de ce nombre de paramètres pèse environ {size}.</translation>
        </message>
    </context>
    <context>
        <name>RowDelegate</name>
        <message>
            <source>Title of the conversation</source>
            <translation>Titre de la conversation</translation>
        </message>
    </context>
    <context>
        <name>Sampling</name>
        <message>
            <source>Temperature</source>
            <translation>Température</translation>
        </message>
        <message>
            <source>Low repeats the likeliest words, high takes risks.</source>
            <translation>Basse, elle s’en tient aux mots les plus probables ; haute, elle prend des risques.</translation>
        </message>
        <message>
            <source>Top-p</source>
            <translation>Top-p</translation>
        </message>
        <message>
            <source>Keep the likeliest words that add up to this probability.</source>
            <translation>Garde les mots les plus probables, jusqu’à cette probabilité cumulée.</translation>
        </message>
        <message>
            <source>Top-k</source>
            <translation>Top-k</translation>
        </message>
        <message>
            <source>Never look beyond this many of the likeliest words; 0 looks at all.</source>
            <translation>Ne considère que ce nombre de mots, les plus probables ; 0 les considère tous.</translation>
        </message>
        <message>
            <source>Min-p</source>
            <translation>Min-p</translation>
        </message>
        <message>
            <source>Drop words much less likely than the likeliest one.</source>
            <translation>Écarte les mots bien moins probables que le plus probable.</translation>
        </message>
        <message>
            <source>Typical-p</source>
            <translation>Typical-p</translation>
        </message>
        <message>
            <source>Keep words about as surprising as expected; 1 keeps all.</source>
            <translation>Garde les mots à peu près aussi surprenants qu’attendu ; 1 les garde tous.</translation>
        </message>
        <message>
            <source>Repeat penalty</source>
            <translation>Pénalité de répétition</translation>
        </message>
        <message>
            <source>Make words that appeared recently less likely; 1 is off.</source>
            <translation>Rend moins probables les mots apparus récemment ; 1 la désactive.</translation>
        </message>
        <message>
            <source>Repeat window</source>
            <translation>Fenêtre de répétition</translation>
        </message>
        <message>
            <source>How many recent tokens penalties look at; -1 is all.</source>
            <translation>Nombre de tokens récents que les pénalités examinent ; -1 les prend tous.</translation>
        </message>
        <message>
            <source>Frequency penalty</source>
            <translation>Pénalité de fréquence</translation>
        </message>
        <message>
            <source>Lower a word each time it has already been used.</source>
            <translation>Rend un mot moins probable à chaque fois qu’il a déjà servi.</translation>
        </message>
        <message>
            <source>Presence penalty</source>
            <translation>Pénalité de présence</translation>
        </message>
        <message>
            <source>Lower a word once it has been used at all.</source>
            <translation>Rend un mot moins probable dès qu’il a servi une fois.</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>Graine</translation>
        </message>
        <message>
            <source>The same seed and settings give the same reply; -1 draws a new one.</source>
            <translation>La même graine et les mêmes réglages donnent la même réponse ; -1 en tire une nouvelle.</translation>
        </message>
        <message>
            <source>Max tokens</source>
            <translation>Longueur maximale</translation>
        </message>
        <message>
            <source>Longest reply in tokens; 0 ends only with the context.</source>
            <translation>Longueur de la réponse en tokens ; à 0, seul le contexte la limite.</translation>
        </message>
    </context>
    <context>
        <name>SamplingPanel</name>
        <message>
            <source>Sampling</source>
            <translation>Échantillonnage</translation>
        </message>
        <message>
            <source>Reset</source>
            <translation>Réinitialiser</translation>
        </message>
        <message>
            <source>All sampling settings back to their defaults</source>
            <translation>Rétablir les valeurs par défaut de l’échantillonnage</translation>
        </message>
        <message>
            <source>Stop strings</source>
            <translation>Chaînes d’arrêt</translation>
        </message>
        <message>
            <source>One per line</source>
            <translation>Une par ligne</translation>
        </message>
        <message>
            <source>The reply ends before any of these texts.</source>
            <translation>La réponse s’arrête avant l’un de ces textes.</translation>
        </message>
        <message>
            <source>Fewer samplers ‹</source>
            <translation>Moins de réglages ‹</translation>
        </message>
        <message>
            <source>All samplers ›</source>
            <translation>Tous les réglages ›</translation>
        </message>
    </context>
    <context>
        <name>SectionRow</name>
        <message>
            <source>Discover</source>
            <translation>Découvrir</translation>
        </message>
        <message>
            <source>On this computer</source>
            <translation>Sur cet ordinateur</translation>
        </message>
        <message>
            <source>Downloads</source>
            <translation>Téléchargements</translation>
        </message>
        <message>
            <source>Find models on the Hub (Ctrl+1)</source>
            <translation>Trouver des modèles sur le Hub (Ctrl+1)</translation>
        </message>
        <message>
            <source>The models that are here (Ctrl+2)</source>
            <translation>Les modèles présents ici (Ctrl+2)</translation>
        </message>
        <message>
            <source>What is on its way (Ctrl+3)</source>
            <translation>Ce qui est en route (Ctrl+3)</translation>
        </message>
        <message>
            <source>Section of the models page</source>
            <translation>Section de la page des modèles</translation>
        </message>
    </context>
    <context>
        <name>Settings</name>
        <message>
            <source>Appearance</source>
            <translation>Apparence</translation>
        </message>
        <message>
            <source>Theme</source>
            <translation>Thème</translation>
        </message>
        <message>
            <source>Light, dark, or whatever the rest of your computer uses.</source>
            <translation>Clair, sombre, ou comme le reste de votre ordinateur.</translation>
        </message>
        <message>
            <source>Like the system</source>
            <translation>Comme le système</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>Clair</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>Sombre</translation>
        </message>
        <message>
            <source>Text size</source>
            <translation>Taille du texte</translation>
        </message>
        <message>
            <source>Makes everything in the window larger or smaller.</source>
            <translation>Agrandit ou réduit tout ce que contient la fenêtre.</translation>
        </message>
        <message>
            <source>%</source>
            <translation>%</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Langue</translation>
        </message>
        <message>
            <source>The language of the window. It does not change the language a model answers in.</source>
            <translation>La langue de la fenêtre. Elle ne change pas celle dans laquelle un modèle répond.</translation>
        </message>
        <message>
            <source>English</source>
            <translation>English</translation>
        </message>
        <message>
            <source>Français</source>
            <translation>Français</translation>
        </message>
        <message>
            <source>Wrap long lines of code</source>
            <translation>Replier les longues lignes de code</translation>
        </message>
        <message>
            <source>Long lines continue on the next one instead of being scrolled sideways.</source>
            <translation>Elles continuent à la ligne suivante au lieu de défiler sur le côté.</translation>
        </message>
        <message>
            <source>Writing</source>
            <translation>Rédaction</translation>
        </message>
        <message>
            <source>Send with</source>
            <translation>Envoyer avec</translation>
        </message>
        <message>
            <source>The key that sends your message; Shift+Enter always starts a new line.</source>
            <translation>La touche qui envoie votre message ; Maj+Entrée va toujours à la ligne.</translation>
        </message>
        <message>
            <source>Enter</source>
            <translation>Entrée</translation>
        </message>
        <message>
            <source>Ctrl+Enter</source>
            <translation>Ctrl+Entrée</translation>
        </message>
        <message>
            <source>System prompt</source>
            <translation>Prompt système</translation>
        </message>
        <message>
            <source>What a model is told before each new conversation. You can change it for one conversation in its side panel.</source>
            <translation>Ce qui est dit au modèle avant chaque nouvelle conversation. L’inspecteur permet d’en changer pour une seule conversation.</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>Modèle</translation>
        </message>
        <message>
            <source>Model at start</source>
            <translation>Modèle au démarrage</translation>
        </message>
        <message>
            <source>The model file that is loaded when Causerie opens. Empty loads the starter model.</source>
            <translation>Le fichier de modèle chargé à l’ouverture de Causerie. Si rien n’est indiqué, c’est le modèle de départ.</translation>
        </message>
        <message>
            <source>Context</source>
            <translation>Contexte</translation>
        </message>
        <message>
            <source>How much of a conversation the model can look back on. More needs more memory; a model never gets more than it was trained for.</source>
            <translation>Ce que le modèle peut relire d’une conversation. Plus il y en a, plus il faut de mémoire ; un modèle n’en reçoit jamais plus que son entraînement ne le prévoit.</translation>
        </message>
        <message>
            <source>tokens</source>
            <translation>tokens</translation>
        </message>
        <message>
            <source>Processor threads</source>
            <translation>Fils d’exécution</translation>
        </message>
        <message>
            <source>How many processor cores work on a reply; 0 lets Causerie choose.</source>
            <translation>Nombre de cœurs du processeur qui travaillent à une réponse ; 0 laisse Causerie choisir.</translation>
        </message>
        <message>
            <source>Layers on the graphics card</source>
            <translation>Couches sur la carte graphique</translation>
        </message>
        <message>
            <source>How much of the model runs on the graphics card; -1 lets Causerie choose, 0 uses the processor alone.</source>
            <translation>Part du modèle confiée à la carte graphique ; -1 laisse Causerie choisir, 0 n’utilise que le processeur.</translation>
        </message>
        <message>
            <source>Network</source>
            <translation>Réseau</translation>
        </message>
        <message>
            <source>Allow connections to the Hub</source>
            <translation>Autoriser les connexions au Hub</translation>
        </message>
        <message>
            <source>Off, Causerie opens no connection at all. Discover and downloads need it; conversations never do.</source>
            <translation>Sans cela, Causerie n’ouvre aucune connexion. Découvrir et les téléchargements en ont besoin ; les conversations, jamais.</translation>
        </message>
        <message>
            <source>Address of the Hub</source>
            <translation>Adresse du Hub</translation>
        </message>
        <message>
            <source>A mirror of the Hugging Face Hub. Empty uses the Hub itself. Your token is sent to this address.</source>
            <translation>Un miroir du Hub de Hugging Face. Si rien n’est indiqué, c’est le Hub lui-même. Votre token est envoyé à cette adresse.</translation>
        </message>
        <message>
            <source>Proxy</source>
            <translation>Proxy</translation>
        </message>
        <message>
            <source>The address of a proxy, such as http://proxy:3128. Empty uses what the rest of your computer uses.</source>
            <translation>L’adresse d’un proxy, par exemple http://proxy:3128. Si rien n’est indiqué, Causerie fait comme le reste de votre ordinateur.</translation>
        </message>
        <message>
            <source>Speed limit of downloads</source>
            <translation>Débit maximal des téléchargements</translation>
        </message>
        <message>
            <source>Leaves some of your connection to others; 0 sets no limit.</source>
            <translation>Laisse une part de votre connexion aux autres ; 0 ne fixe aucune limite.</translation>
        </message>
        <message>
            <source>MB/s</source>
            <translation>Mo/s</translation>
        </message>
    </context>
    <context>
        <name>SettingsPage</name>
        <message>
            <source>Settings</source>
            <translation>Réglages</translation>
        </message>
        <message>
            <source>Enter or forget…</source>
            <translation>Saisir ou oublier…</translation>
        </message>
        <message>
            <source>Show…</source>
            <translation>Afficher…</translation>
        </message>
        <message>
            <source>Show the connections</source>
            <translation>Afficher les connexions</translation>
        </message>
        <message>
            <source>Token of the Hub</source>
            <translation>Token du Hub</translation>
        </message>
        <message>
            <source>Only for models whose terms must be accepted. It is kept in your system's keyring.</source>
            <translation>Seulement pour les modèles dont il faut accepter les conditions. Il est conservé dans le trousseau de votre système.</translation>
        </message>
        <message>
            <source>Connections</source>
            <translation>Connexions</translation>
        </message>
        <message>
            <source>What Causerie has contacted, when, and what for. Nothing else is ever contacted.</source>
            <translation>Ce que Causerie a contacté, quand et pourquoi. Rien d’autre n’est jamais contacté.</translation>
        </message>
        <message>
            <source>On this computer</source>
            <translation>Sur cet ordinateur</translation>
        </message>
        <message>
            <source>{name}:  {path}</source>
            <translation>{name} :  {path}</translation>
        </message>
    </context>
    <context>
        <name>Shelf</name>
        <message>
            <source>Loaded</source>
            <translation>Chargé</translation>
        </message>
        <message>
            <source>This model answers in your conversations now.</source>
            <translation>Ce modèle répond en ce moment dans vos conversations.</translation>
        </message>
        <message>
            <source>The llama.cpp in this version of Causerie does not know this kind of model yet.</source>
            <translation>Le llama.cpp de cette version de Causerie ne connaît pas encore ce type de modèle.</translation>
        </message>
        <message>
            <source>Not supported yet</source>
            <translation>Pas encore pris en charge</translation>
        </message>
        <message>
            <source>The same file is on this computer more than once. The others:</source>
            <translation>Le même fichier se trouve plusieurs fois sur cet ordinateur. Les autres exemplaires :</translation>
        </message>
        <message>
            <source>{n} copies</source>
            <translation>{n} exemplaires</translation>
        </message>
        <message>
            <source>Intact</source>
            <translation>Intact</translation>
        </message>
        <message>
            <source>Its hash was checked: it is the file that its source offers.</source>
            <translation>Son empreinte a été vérifiée : c’est bien le fichier que propose sa source.</translation>
        </message>
        <message>
            <source>Not as offered</source>
            <translation>Non conforme</translation>
        </message>
        <message>
            <source>Its hash was checked: it is not the file that its source offers.</source>
            <translation>Son empreinte a été vérifiée : ce n’est pas le fichier que propose sa source.</translation>
        </message>
        <message>
            <source>Update</source>
            <translation>Mise à jour</translation>
        </message>
        <message>
            <source>Its source offers another file under this name now.</source>
            <translation>Sa source propose maintenant un autre fichier sous ce nom.</translation>
        </message>
        <message>
            <source>Withdrawn</source>
            <translation>Retiré</translation>
        </message>
        <message>
            <source>Its source does not offer this file any more.</source>
            <translation>Sa source ne propose plus ce fichier.</translation>
        </message>
        <message>
            <source>Base model</source>
            <translation>Modèle de base</translation>
        </message>
        <message>
            <source>Not trained to chat: it goes on with a text instead of answering it.</source>
            <translation>Pas entraîné à converser : il prolonge un texte au lieu d’y répondre.</translation>
        </message>
        <message>
            <source>Embedding</source>
            <translation>Embedding</translation>
        </message>
        <message>
            <source>Turns texts into numbers so that they can be compared and found; it cannot chat.</source>
            <translation>Transforme des textes en nombres pour les comparer et les retrouver ; il ne sait pas converser.</translation>
        </message>
        <message>
            <source>Reranker</source>
            <translation>Reclasseur</translation>
        </message>
        <message>
            <source>Puts what a search has found in order; it cannot chat.</source>
            <translation>Met en ordre ce qu’une recherche a trouvé ; il ne sait pas converser.</translation>
        </message>
        <message>
            <source>Projector</source>
            <translation>Projecteur</translation>
        </message>
        <message>
            <source>Lets another model look at pictures; it is of no use alone.</source>
            <translation>Permet à un autre modèle de voir les images ; seul, il ne sert à rien.</translation>
        </message>
        <message>
            <source>Draft</source>
            <translation>Modèle d’ébauche</translation>
        </message>
        <message>
            <source>A small companion that makes a larger model write faster; it is of no use alone.</source>
            <translation>Un petit compagnon qui fait écrire plus vite un modèle plus grand ; seul, il ne sert à rien.</translation>
        </message>
        <message>
            <source>Adapter</source>
            <translation>Adaptateur</translation>
        </message>
        <message>
            <source>A LoRA: a change to another model; it is of no use alone.</source>
            <translation>Un LoRA : une modification d’un autre modèle ; seul, il ne sert à rien.</translation>
        </message>
        <message>
            <source>Vocabulary</source>
            <translation>Vocabulaire seul</translation>
        </message>
        <message>
            <source>Only the tokens of a model, without the model itself.</source>
            <translation>Seulement les tokens d’un modèle, sans le modèle lui-même.</translation>
        </message>
        <message>
            <source>Other</source>
            <translation>Autre</translation>
        </message>
        <message>
            <source>A GGUF file, but no model that can chat.</source>
            <translation>Un fichier GGUF, mais pas un modèle capable de converser.</translation>
        </message>
        <message>
            <source>Damaged</source>
            <translation>Endommagé</translation>
        </message>
        <message>
            <source>The file cannot be read as a model.</source>
            <translation>Le fichier ne peut pas être lu comme un modèle.</translation>
        </message>
        <message>
            <source>The file is damaged, not complete, or no GGUF file at all.</source>
            <translation>Le fichier est endommagé, incomplet, ou n’est pas un fichier GGUF.</translation>
        </message>
        <message>
            <source>This version of Causerie cannot load models of the kind “{kind}” yet.</source>
            <translation>Cette version de Causerie ne peut pas encore charger les modèles de type « {kind} ».</translation>
        </message>
        <message>
            <source>Loading: {n} %</source>
            <translation>Chargement : {n} %</translation>
        </message>
        <message>
            <source>comes with Causerie, small and quick</source>
            <translation>fourni avec Causerie, petit et rapide</translation>
        </message>
        <message>
            <source>{n} parameters</source>
            <translation>{n} paramètres</translation>
        </message>
        <message>
            <source>{n} context</source>
            <translation>contexte de {n} tokens</translation>
        </message>
        <message>
            <source>with a projector</source>
            <translation>avec un projecteur</translation>
        </message>
        <message>
            <source>{n} files</source>
            <translation>{n} fichiers</translation>
        </message>
        <message>
            <source>not on the shelf</source>
            <translation>hors de la bibliothèque</translation>
        </message>
        <message>
            <source>in the cache of Hugging Face</source>
            <translation>dans le cache de Hugging Face</translation>
        </message>
        <message>
            <source>kept by {program}</source>
            <translation>conservé par {program}</translation>
        </message>
        <message>
            <source>used today</source>
            <translation>utilisé aujourd’hui</translation>
        </message>
        <message>
            <source>used yesterday</source>
            <translation>utilisé hier</translation>
        </message>
        <message>
            <source>used {n} days ago</source>
            <translation>utilisé il y a {n} jours</translation>
        </message>
        <message>
            <source>used {date}</source>
            <translation>utilisé le {date}</translation>
        </message>
        <message>
            <source>Projector: {path}</source>
            <translation>Projecteur : {path}</translation>
        </message>
        <message>
            <source>From {repo}</source>
            <translation>Provenance : {repo}</translation>
        </message>
        <message>
            <source>The file carries no chat template; ChatML stands in, so replies may be odd.</source>
            <translation>Le fichier ne contient pas de gabarit de conversation ; ChatML en tient lieu, et les réponses peuvent être étranges.</translation>
        </message>
    </context>
    <context>
        <name>ShelfActions</name>
        <message>
            <source>Stop loading</source>
            <translation>Arrêter le chargement</translation>
        </message>
        <message>
            <source>Load</source>
            <translation>Charger</translation>
        </message>
        <message>
            <source>Try to load it all the same</source>
            <translation>Essayer de le charger quand même</translation>
        </message>
        <message>
            <source>Defaults…</source>
            <translation>Valeurs par défaut…</translation>
        </message>
        <message>
            <source>Verify</source>
            <translation>Vérifier</translation>
        </message>
        <message>
            <source>Look for an update</source>
            <translation>Rechercher une mise à jour</translation>
        </message>
        <message>
            <source>Copy to the shelf</source>
            <translation>Copier dans la bibliothèque</translation>
        </message>
        <message>
            <source>Rename… (F2)</source>
            <translation>Renommer… (F2)</translation>
        </message>
        <message>
            <source>Show in folder</source>
            <translation>Afficher dans le dossier</translation>
        </message>
        <message>
            <source>Move to trash… (Del)</source>
            <translation>Mettre à la corbeille… (Suppr)</translation>
        </message>
        <message>
            <source>Move to trash (load another model first)</source>
            <translation>Mettre à la corbeille (chargez d’abord un autre modèle)</translation>
        </message>
        <message>
            <source>Move {name} to the trash?</source>
            <translation>Mettre {name} à la corbeille ?</translation>
        </message>
        <message>
            <source>Delete {name}?</source>
            <translation>Supprimer {name} ?</translation>
        </message>
        <message>
            <source>It is the beginning of a file that was never finished. It does not go to the trash.</source>
            <translation>C’est le début d’un fichier qui n’a jamais été terminé. Il ne passe pas par la corbeille.</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Supprimer</translation>
        </message>
        <message>
            <source>{size} are free again once you empty the trash of your computer.</source>
            <translation>Vous récupérerez {size} en vidant la corbeille de votre ordinateur.</translation>
        </message>
        <message>
            <source>Move to trash</source>
            <translation>Mettre à la corbeille</translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>Conserver</translation>
        </message>
        <message>
            <source>Open a model file</source>
            <translation>Ouvrir un fichier de modèle</translation>
        </message>
        <message>
            <source>GGUF models (*.gguf);;All files (*)</source>
            <translation>Modèles GGUF (*.gguf);;Tous les fichiers (*)</translation>
        </message>
        <message>
            <source>List the models of a folder</source>
            <translation>Répertorier les modèles d’un dossier</translation>
        </message>
        <message>
            <source>Move the shelf to a folder</source>
            <translation>Déplacer la bibliothèque vers un dossier</translation>
        </message>
    </context>
    <context>
        <name>ShelfDelegate</name>
        <message>
            <source>Load</source>
            <translation>Charger</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Arrêter</translation>
        </message>
        <message>
            <source>Load this model (Enter)</source>
            <translation>Charger ce modèle (Entrée)</translation>
        </message>
        <message>
            <source>Stop loading</source>
            <translation>Arrêter le chargement</translation>
        </message>
        <message>
            <source>More that can be done with this model</source>
            <translation>Autres actions possibles avec ce modèle</translation>
        </message>
        <message>
            <source>Name of the file</source>
            <translation>Nom du fichier</translation>
        </message>
    </context>
    <context>
        <name>ShelfHead</name>
        <message>
            <source>Open a model file…</source>
            <translation>Ouvrir un fichier de modèle…</translation>
        </message>
        <message>
            <source>Use a GGUF file where it lies. You can also drop one on the window.</source>
            <translation>Utiliser un fichier GGUF là où il se trouve. Vous pouvez aussi en déposer un sur la fenêtre.</translation>
        </message>
        <message>
            <source>What can I free?</source>
            <translation>Que puis-je libérer ?</translation>
        </message>
        <message>
            <source>Files that could go: there twice, never finished, or long unused</source>
            <translation>Fichiers dont vous pourriez vous passer : en double, jamais terminés ou inutilisés depuis longtemps</translation>
        </message>
        <message>
            <source>The shelf ▾</source>
            <translation>La bibliothèque ▾</translation>
        </message>
        <message>
            <source>The shelf</source>
            <translation>La bibliothèque</translation>
        </message>
        <message>
            <source>Add a folder, check everything, move the shelf</source>
            <translation>Ajouter un dossier, tout vérifier, déplacer la bibliothèque</translation>
        </message>
        <message>
            <source>Add a folder…</source>
            <translation>Ajouter un dossier…</translation>
        </message>
        <message>
            <source>Look for models again</source>
            <translation>Rechercher à nouveau des modèles</translation>
        </message>
        <message>
            <source>Verify all</source>
            <translation>Tout vérifier</translation>
        </message>
        <message>
            <source>Look for updates</source>
            <translation>Rechercher des mises à jour</translation>
        </message>
        <message>
            <source>Show the shelf's folder</source>
            <translation>Afficher le dossier de la bibliothèque</translation>
        </message>
        <message>
            <source>Move the shelf…</source>
            <translation>Déplacer la bibliothèque…</translation>
        </message>
    </context>
    <context>
        <name>ShelfSection</name>
        <message>
            <source>On this computer</source>
            <translation>Sur cet ordinateur</translation>
        </message>
        <message>
            <source>Search these models</source>
            <translation>Rechercher parmi ces modèles</translation>
        </message>
        <message>
            <source>Search the models on this computer</source>
            <translation>Rechercher parmi les modèles de cet ordinateur</translation>
        </message>
        <message>
            <source>Order of the models</source>
            <translation>Ordre des modèles</translation>
        </message>
        <message>
            <source>By name</source>
            <translation>Par nom</translation>
        </message>
        <message>
            <source>Largest first</source>
            <translation>Les plus grands d’abord</translation>
        </message>
        <message>
            <source>Last used first</source>
            <translation>Les derniers utilisés d’abord</translation>
        </message>
        <message>
            <source>Find a model ›</source>
            <translation>Trouver un modèle ›</translation>
        </message>
        <message>
            <source>Where they lie</source>
            <translation>Emplacements</translation>
        </message>
        <message>
            <source>Add a folder…</source>
            <translation>Ajouter un dossier…</translation>
        </message>
        <message>
            <source>List the models of another folder; they are used where they lie</source>
            <translation>Répertorier les modèles d’un autre dossier ; ils sont utilisés là où ils se trouvent</translation>
        </message>
        <message>
            <source>Verifying {name}</source>
            <translation>Vérification de {name}</translation>
        </message>
        <message>
            <source>Verifying all models</source>
            <translation>Vérification de tous les modèles</translation>
        </message>
        <message>
            <source>Copying {name} to the shelf</source>
            <translation>Copie de {name} dans la bibliothèque</translation>
        </message>
        <message>
            <source>Moving {name} to the trash</source>
            <translation>Mise à la corbeille de {name}</translation>
        </message>
        <message>
            <source>Moving the shelf to {name}</source>
            <translation>Déplacement de la bibliothèque vers {name}</translation>
        </message>
        <message>
            <source>Looking for updates</source>
            <translation>Recherche de mises à jour</translation>
        </message>
        <message>
            <source>Looking for models…</source>
            <translation>Recherche de modèles…</translation>
        </message>
        <message>
            <source>No models yet</source>
            <translation>Aucun modèle pour l’instant</translation>
        </message>
        <message>
            <source>1 model</source>
            <translation>1 modèle</translation>
        </message>
        <message>
            <source>{n} models</source>
            <translation>{n} modèles</translation>
        </message>
        <message>
            <source>No model here fits “{query}”.</source>
            <translation>Aucun modèle ne correspond ici à « {query} ».</translation>
        </message>
        <message>
            <source>Larger models know more and need more memory: as a rule, a file may be as large as two thirds of this computer's memory. Discover shows which ones fit.</source>
            <translation>Les modèles plus grands en savent plus et demandent plus de mémoire : en règle générale, un fichier peut atteindre les deux tiers de la mémoire de cet ordinateur. Découvrir indique lesquels conviennent.</translation>
        </message>
        <message>
            <source>Only the small starter model is here so far.</source>
            <translation>Il n’y a ici, pour l’instant, que le petit modèle de départ.</translation>
        </message>
    </context>
    <context>
        <name>ShelfView</name>
        <message>
            <source>Models on this computer</source>
            <translation>Modèles sur cet ordinateur</translation>
        </message>
        <message>
            <source>Enter loads a model; the menu key shows what else can be done.</source>
            <translation>Entrée charge un modèle ; la touche Menu montre les autres actions possibles.</translation>
        </message>
    </context>
    <context>
        <name>Shortcuts</name>
        <message>
            <source>New conversation</source>
            <translation>Nouvelle conversation</translation>
        </message>
        <message>
            <source>Search everything</source>
            <translation>Rechercher partout</translation>
        </message>
        <message>
            <source>Write a message</source>
            <translation>Écrire un message</translation>
        </message>
        <message>
            <source>Send the message</source>
            <translation>Envoyer le message</translation>
        </message>
        <message>
            <source>New line</source>
            <translation>Aller à la ligne</translation>
        </message>
        <message>
            <source>Edit the last message (in an empty field)</source>
            <translation>Modifier le dernier message (champ vide)</translation>
        </message>
        <message>
            <source>Stop the reply, or go back</source>
            <translation>Arrêter la réponse, ou revenir</translation>
        </message>
        <message>
            <source>Regenerate the last reply</source>
            <translation>Régénérer la dernière réponse</translation>
        </message>
        <message>
            <source>Continue a cut reply</source>
            <translation>Continuer une réponse coupée</translation>
        </message>
        <message>
            <source>Previous version of the last reply</source>
            <translation>Version précédente de la dernière réponse</translation>
        </message>
        <message>
            <source>Next version of the last reply</source>
            <translation>Version suivante de la dernière réponse</translation>
        </message>
        <message>
            <source>Copy the last reply</source>
            <translation>Copier la dernière réponse</translation>
        </message>
        <message>
            <source>Rename the conversation</source>
            <translation>Renommer la conversation</translation>
        </message>
        <message>
            <source>Delete the conversation (or Delete in the list)</source>
            <translation>Supprimer la conversation (ou Suppr dans la liste)</translation>
        </message>
        <message>
            <source>Undo the deletion</source>
            <translation>Annuler la suppression</translation>
        </message>
        <message>
            <source>Show or hide the conversations</source>
            <translation>Afficher ou masquer les conversations</translation>
        </message>
        <message>
            <source>Show or hide the inspector</source>
            <translation>Afficher ou masquer l’inspecteur</translation>
        </message>
        <message>
            <source>Models</source>
            <translation>Modèles</translation>
        </message>
        <message>
            <source>Discover, models here, downloads</source>
            <translation>Découvrir, Sur cet ordinateur, Téléchargements</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Réglages</translation>
        </message>
        <message>
            <source>Larger</source>
            <translation>Agrandir</translation>
        </message>
        <message>
            <source>Smaller</source>
            <translation>Réduire</translation>
        </message>
        <message>
            <source>Usual size</source>
            <translation>Taille habituelle</translation>
        </message>
        <message>
            <source>Load the model again</source>
            <translation>Recharger le modèle</translation>
        </message>
        <message>
            <source>These keys</source>
            <translation>Ces raccourcis</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>Quitter</translation>
        </message>
    </context>
    <context>
        <name>ShortcutsDialog</name>
        <message>
            <source>Keyboard</source>
            <translation>Raccourcis clavier</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Fermer</translation>
        </message>
    </context>
    <context>
        <name>Sidebar</name>
        <message>
            <source>New conversation</source>
            <translation>Nouvelle conversation</translation>
        </message>
        <message>
            <source>Start a new conversation (Ctrl+N)</source>
            <translation>Commencer une nouvelle conversation (Ctrl+N)</translation>
        </message>
        <message>
            <source>Search everything</source>
            <translation>Rechercher partout</translation>
        </message>
        <message>
            <source>Search titles and messages</source>
            <translation>Rechercher dans les titres et les messages</translation>
        </message>
        <message>
            <source>Search titles and messages (Ctrl+F)</source>
            <translation>Rechercher dans les titres et les messages (Ctrl+F)</translation>
        </message>
        <message>
            <source>Conversations</source>
            <translation>Conversations</translation>
        </message>
        <message>
            <source>Online for models</source>
            <translation>En ligne pour les modèles</translation>
        </message>
        <message>
            <source>Offline</source>
            <translation>Hors ligne</translation>
        </message>
        <message>
            <source>nothing leaves</source>
            <translation>rien ne sort</translation>
        </message>
        <message>
            <source>Conversations stay here. Models are looked for and downloaded on the Hub.</source>
            <translation>Les conversations restent ici. Les modèles sont recherchés et téléchargés sur le Hub.</translation>
        </message>
        <message>
            <source>Conversations and models stay here. Causerie opens no network connection.</source>
            <translation>Les conversations et les modèles restent ici. Causerie n’ouvre aucune connexion réseau.</translation>
        </message>
        <message>
            <source>Models</source>
            <translation>Modèles</translation>
        </message>
        <message>
            <source>The models on this computer (Ctrl+M)</source>
            <translation>Les modèles de cet ordinateur (Ctrl+M)</translation>
        </message>
        <message>
            <source>Trash</source>
            <translation>Corbeille</translation>
        </message>
        <message>
            <source>Deleted conversations</source>
            <translation>Conversations supprimées</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Réglages</translation>
        </message>
        <message>
            <source>Appearance, model and more (Ctrl+,)</source>
            <translation>Apparence, modèle et autres réglages (Ctrl+,)</translation>
        </message>
        <message>
            <source>Nothing found.</source>
            <translation>Aucun résultat.</translation>
        </message>
        <message>
            <source>Your conversations will be listed here.</source>
            <translation>Vos conversations apparaîtront ici.</translation>
        </message>
        <message>
            <source>Rename (F2)</source>
            <translation>Renommer (F2)</translation>
        </message>
        <message>
            <source>Unpin</source>
            <translation>Désépingler</translation>
        </message>
        <message>
            <source>Pin</source>
            <translation>Épingler</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Supprimer</translation>
        </message>
    </context>
    <context>
        <name>StatisticsTable</name>
        <message>
            <source>Last reply</source>
            <translation>Dernière réponse</translation>
        </message>
        <message>
            <source>Generation</source>
            <translation>Génération</translation>
        </message>
        <message>
            <source>Tokens written in a second.</source>
            <translation>Tokens écrits par seconde.</translation>
        </message>
        <message>
            <source>Prompt processing</source>
            <translation>Lecture du prompt</translation>
        </message>
        <message>
            <source>Tokens of the prompt read in a second.</source>
            <translation>Tokens du prompt lus par seconde.</translation>
        </message>
        <message>
            <source>Time to first token</source>
            <translation>Délai du premier token</translation>
        </message>
        <message>
            <source>From sending to the first word.</source>
            <translation>De l’envoi au premier mot.</translation>
        </message>
        <message>
            <source>Prompt</source>
            <translation>Prompt</translation>
        </message>
        <message>
            <source>Tokens of the whole prompt as the model receives it.</source>
            <translation>Tokens de tout le prompt, tel que le modèle le reçoit.</translation>
        </message>
        <message>
            <source>of these reused</source>
            <translation>dont réutilisés</translation>
        </message>
        <message>
            <source>Read on an earlier turn and kept, so not read again.</source>
            <translation>Lus lors d’un tour précédent et gardés, donc pas relus.</translation>
        </message>
        <message>
            <source>Reply</source>
            <translation>Réponse</translation>
        </message>
        <message>
            <source>Tokens of the reply.</source>
            <translation>Tokens de la réponse.</translation>
        </message>
        <message>
            <source>Ended</source>
            <translation>Terminée</translation>
        </message>
        <message>
            <source>Why the reply ended.</source>
            <translation>Pourquoi la réponse s’est terminée.</translation>
        </message>
    </context>
    <context>
        <name>StatusLine</name>
        <message>
            <source>log ›</source>
            <translation>journal ›</translation>
        </message>
        <message>
            <source>Every connection that Causerie has made</source>
            <translation>Toutes les connexions que Causerie a établies</translation>
        </message>
        <message>
            <source>Log of connections</source>
            <translation>Journal des connexions</translation>
        </message>
        <message>
            <source>Online for Discover</source>
            <translation>En ligne pour Découvrir</translation>
        </message>
        <message>
            <source>Offline: nothing is sent to anyone</source>
            <translation>Hors ligne : rien n’est envoyé à personne</translation>
        </message>
    </context>
    <context>
        <name>TermsBox</name>
        <message>
            <source>Its maker asks you to accept terms first</source>
            <translation>Son auteur vous demande d’abord d’accepter des conditions</translation>
        </message>
        <message>
            <source>Show the terms…</source>
            <translation>Afficher les conditions…</translation>
        </message>
        <message>
            <source>Token, such as hf_…</source>
            <translation>Token, par exemple hf_…</translation>
        </message>
        <message>
            <source>Access token of your Hugging Face account</source>
            <translation>Token d’accès de votre compte Hugging Face</translation>
        </message>
        <message>
            <source>Keep the token</source>
            <translation>Conserver le token</translation>
        </message>
        <message>
            <source>Accept them on the model's page with your Hugging Face account, then enter a token of that account here: it is on the website under Settings, Access Tokens, and reading is all it must allow.</source>
            <translation>Acceptez-les sur la page du modèle avec votre compte Hugging Face, puis saisissez ici un token de ce compte : il se trouve sur le site, sous Settings, Access Tokens, et il lui suffit d’autoriser la lecture.</translation>
        </message>
        <message>
            <source>The maker answers each request by hand, which may take days.</source>
            <translation>L’auteur répond à chaque demande en personne, ce qui peut prendre plusieurs jours.</translation>
        </message>
        <message>
            <source>The token of {name} is taken.</source>
            <translation>Le token du compte {name} est accepté.</translation>
        </message>
        <message>
            <source>It is taken.</source>
            <translation>Le token est accepté.</translation>
        </message>
        <message>
            <source>It lies in this computer's keyring.</source>
            <translation>Il est dans le trousseau de cet ordinateur.</translation>
        </message>
        <message>
            <source>This computer has no keyring: it is forgotten when Causerie ends.</source>
            <translation>Cet ordinateur n’a pas de trousseau : le token sera oublié à la fermeture de Causerie.</translation>
        </message>
    </context>
    <context>
        <name>TokenDialog</name>
        <message>
            <source>Token of the Hub</source>
            <translation>Token du Hub</translation>
        </message>
        <message>
            <source>The token is forgotten.</source>
            <translation>Le token est oublié.</translation>
        </message>
        <message>
            <source>Causerie has forgotten the token, but your system's keyring did not delete it. Delete the entry “causerie” there.</source>
            <translation>Causerie a oublié le token, mais le trousseau de votre système ne l’a pas supprimé. Supprimez-y l’entrée « causerie ».</translation>
        </message>
        <message>
            <source>Some models are only given to people who have accepted their terms. A token tells the Hub which account is yours. Everything else works without one.</source>
            <translation>Certains modèles ne sont fournis qu’aux personnes qui en ont accepté les conditions. Un token indique au Hub quel compte est le vôtre. Tout le reste fonctionne sans token.</translation>
        </message>
        <message>
            <source>Make one on the Hub, with read access; nothing more is needed:</source>
            <translation>Créez-en un sur le Hub, avec un simple accès en lecture, rien de plus :</translation>
        </message>
        <message>
            <source>It is kept in your system's keyring, never in a file, and sent to the Hub alone.</source>
            <translation>Il est conservé dans le trousseau de votre système, jamais dans un fichier, et n’est envoyé qu’au Hub.</translation>
        </message>
        <message>
            <source>Opens in your browser, after showing you the address</source>
            <translation>L’adresse vous est montrée, puis s’ouvre dans votre navigateur</translation>
        </message>
        <message>
            <source>Token, such as hf_…</source>
            <translation>Token, par exemple hf_…</translation>
        </message>
        <message>
            <source>Token</source>
            <translation>Token</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>Afficher</translation>
        </message>
        <message>
            <source>Show the token that is being entered</source>
            <translation>Afficher le token pendant la saisie</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Enregistrer</translation>
        </message>
        <message>
            <source>Forget the token</source>
            <translation>Oublier le token</translation>
        </message>
        <message>
            <source>Deletes the token that was saved before</source>
            <translation>Supprime le token enregistré auparavant</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Fermer</translation>
        </message>
        <message>
            <source>Hide</source>
            <translation>Masquer</translation>
        </message>
        <message>
            <source>A token has only plain letters and digits. Copy it once more as a whole.</source>
            <translation>Un token ne contient que des lettres sans accent et des chiffres. Copiez-le de nouveau, en entier.</translation>
        </message>
        <message>
            <source>Saving…</source>
            <translation>Enregistrement…</translation>
        </message>
        <message>
            <source>Forgetting…</source>
            <translation>Suppression…</translation>
        </message>
        <message>
            <source>It belongs to {name}.</source>
            <translation>Il appartient à {name}.</translation>
        </message>
        <message>
            <source>The token is saved in your keyring.</source>
            <translation>Le token est enregistré dans votre trousseau.</translation>
        </message>
        <message>
            <source>Causerie can use no keyring on this computer, so the token is kept for this run only: enter it again at the next start.</source>
            <translation>Causerie ne peut utiliser aucun trousseau sur cet ordinateur. Le token n’est donc gardé que pour cette fois : saisissez-le à nouveau au prochain démarrage.</translation>
        </message>
    </context>
    <context>
        <name>Transcript</name>
        <message>
            <source>The model no longer sees what is above</source>
            <translation>Le modèle ne voit plus ce qui précède</translation>
        </message>
        <message>
            <source>Edit message</source>
            <translation>Modifier le message</translation>
        </message>
        <message>
            <source>Send</source>
            <translation>Envoyer</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Annuler</translation>
        </message>
        <message>
            <source>Keep the message as it was (Esc)</source>
            <translation>Garder le message tel quel (Échap)</translation>
        </message>
        <message>
            <source>Enter sends, Shift Enter breaks the line, Esc cancels.</source>
            <translation>Entrée envoie, Maj+Entrée va à la ligne, Échap annule.</translation>
        </message>
        <message>
            <source>Send the changed message as a new branch (Enter)</source>
            <translation>Envoyer le message modifié dans une nouvelle branche (Entrée)</translation>
        </message>
        <message>
            <source>Ctrl Enter sends, Enter breaks the line, Esc cancels.</source>
            <translation>Ctrl+Entrée envoie, Entrée va à la ligne, Échap annule.</translation>
        </message>
        <message>
            <source>Send the changed message as a new branch (Ctrl+Enter)</source>
            <translation>Envoyer le message modifié dans une nouvelle branche (Ctrl+Entrée)</translation>
        </message>
        <message>
            <source>To the end</source>
            <translation>Aller à la fin</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Copier</translation>
        </message>
        <message>
            <source>Regenerate</source>
            <translation>Régénérer</translation>
        </message>
        <message>
            <source>Continue</source>
            <translation>Continuer</translation>
        </message>
        <message>
            <source>Edit</source>
            <translation>Modifier</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Supprimer</translation>
        </message>
        <message>
            <source>Copy this message</source>
            <translation>Copier ce message</translation>
        </message>
        <message>
            <source>Show the previous version</source>
            <translation>Afficher la version précédente</translation>
        </message>
        <message>
            <source>Show the next version</source>
            <translation>Afficher la version suivante</translation>
        </message>
        <message>
            <source>Copy this reply as Markdown</source>
            <translation>Copier cette réponse en Markdown</translation>
        </message>
        <message>
            <source>Write another version of this reply</source>
            <translation>Écrire une autre version de cette réponse</translation>
        </message>
        <message>
            <source>Go on where this reply was cut</source>
            <translation>Reprendre là où cette réponse a été coupée</translation>
        </message>
        <message>
            <source>Change this message; the old branch is kept</source>
            <translation>Modifier ce message ; l’ancienne branche est conservée</translation>
        </message>
        <message>
            <source>Delete this message and what follows it</source>
            <translation>Supprimer ce message et ce qui le suit</translation>
        </message>
        <message>
            <source>Interrupted: the program ended while this was being written</source>
            <translation>Interrompue : le programme s’est arrêté pendant l’écriture</translation>
        </message>
        <message>
            <source>Stopped</source>
            <translation>Arrêtée</translation>
        </message>
        <message>
            <source>Cut at the token limit</source>
            <translation>Coupée à la limite de tokens</translation>
        </message>
        <message>
            <source>Cut because the context is full</source>
            <translation>Coupée, car le contexte est plein</translation>
        </message>
        <message>
            <source>The model stopped because of an error.</source>
            <translation>Le modèle s’est arrêté à cause d’une erreur.</translation>
        </message>
        <message>
            <source>Thinking…</source>
            <translation>Réflexion…</translation>
        </message>
        <message>
            <source>Reasoning</source>
            <translation>Raisonnement</translation>
        </message>
        <message>
            <source>Thought for %1 s</source>
            <translation>Réflexion de %1 s</translation>
        </message>
        <message>
            <source>Thought for %1 min %2 s</source>
            <translation>Réflexion de %1 min %2 s</translation>
        </message>
        <message>
            <source>You</source>
            <translation>Vous</translation>
        </message>
        <message>
            <source>System prompt</source>
            <translation>Prompt système</translation>
        </message>
        <message>
            <source>Reply</source>
            <translation>Réponse</translation>
        </message>
        <message>
            <source>Show or hide what the model thought</source>
            <translation>Afficher ou masquer la réflexion du modèle</translation>
        </message>
        <message>
            <source>Copy this code</source>
            <translation>Copier ce code</translation>
        </message>
        <message>
            <source>Scroll sideways</source>
            <translation>Défiler sur le côté</translation>
        </message>
        <message>
            <source>Reload the model</source>
            <translation>Recharger le modèle</translation>
        </message>
        <message>
            <source>Start the model again</source>
            <translation>Redémarrer le modèle</translation>
        </message>
        <message>
            <source>Conversation</source>
            <translation>Conversation</translation>
        </message>
        <message>
            <source>Select all</source>
            <translation>Tout sélectionner</translation>
        </message>
        <message>
            <source>Open %1</source>
            <translation>Ouvrir %1</translation>
        </message>
        <message>
            <source>Copy the address %1</source>
            <translation>Copier l’adresse %1</translation>
        </message>
        <message>
            <source>first token %1</source>
            <translation>premier token en %1</translation>
        </message>
        <message>
            <source>%1 reused</source>
            <translation>%1 réutilisés</translation>
        </message>
    </context>
    <context>
        <name>TrashPage</name>
        <message>
            <source>Trash</source>
            <translation>Corbeille</translation>
        </message>
        <message>
            <source>Empty the trash…</source>
            <translation>Vider la corbeille…</translation>
        </message>
        <message>
            <source>Branch: {text}</source>
            <translation>Branche : {text}</translation>
        </message>
        <message>
            <source>What you delete waits here until you empty the trash.</source>
            <translation>Ce que vous supprimez reste ici jusqu’à ce que vous vidiez la corbeille.</translation>
        </message>
        <message>
            <source>The trash is empty.</source>
            <translation>La corbeille est vide.</translation>
        </message>
        <message>
            <source>Deleted {date}</source>
            <translation>Supprimée le {date}</translation>
        </message>
        <message>
            <source>Restore</source>
            <translation>Restaurer</translation>
        </message>
        <message>
            <source>Restore {name}</source>
            <translation>Restaurer {name}</translation>
        </message>
        <message>
            <source>Empty the trash</source>
            <translation>Vider la corbeille</translation>
        </message>
        <message>
            <source>Delete everything in the trash for good?</source>
            <translation>Supprimer définitivement tout le contenu de la corbeille ?</translation>
        </message>
        <message>
            <source>This cannot be undone.</source>
            <translation>Cette action est irréversible.</translation>
        </message>
        <message>
            <source>Delete for good</source>
            <translation>Supprimer définitivement</translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>Conserver</translation>
        </message>
    </context>
    <context>
        <name>WorkBar</name>
        <message>
            <source>Stop</source>
            <translation>Arrêter</translation>
        </message>
        <message>
            <source>{n} %</source>
            <translation>{n} %</translation>
        </message>
        <message>
            <source>{time} left</source>
            <translation>encore {time}</translation>
        </message>
        <message>
            <source>Stop: {work}</source>
            <translation>Arrêter : {work}</translation>
        </message>
    </context>
</TS>
