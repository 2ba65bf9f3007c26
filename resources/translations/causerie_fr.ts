<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
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
            <source>This takes effect when the model is loaded again.</source>
            <translation>Ce réglage prendra effet au prochain chargement du modèle.</translation>
        </message>
        <message>
            <source>Load it now</source>
            <translation>Charger maintenant</translation>
        </message>
        <message>
            <source>The last reply is on the clipboard.</source>
            <translation>La dernière réponse est dans le presse-papiers.</translation>
        </message>
    </context>
    <context>
        <name>ModelsPage</name>
        <message>
            <source>Models on this computer</source>
            <translation>Modèles sur cet ordinateur</translation>
        </message>
        <message>
            <source>A model is one GGUF file. Larger models know more and need more memory: as a rule, a file may be as large as two thirds of this computer's memory.</source>
            <translation>Un modèle est un fichier GGUF. Les plus grands en savent plus et demandent plus de mémoire : en règle générale, un fichier peut occuper jusqu’aux deux tiers de la mémoire de cet ordinateur.</translation>
        </message>
        <message>
            <source>Open a model file…</source>
            <translation>Ouvrir un fichier de modèle…</translation>
        </message>
        <message>
            <source>Show the models folder</source>
            <translation>Afficher le dossier des modèles</translation>
        </message>
        <message>
            <source>GGUF files placed in {folder} are listed here.</source>
            <translation>Les fichiers GGUF placés dans {folder} apparaissent ici.</translation>
        </message>
        <message>
            <source>Loaded</source>
            <translation>Chargé</translation>
        </message>
        <message>
            <source>Load</source>
            <translation>Charger</translation>
        </message>
        <message>
            <source>Load {name}</source>
            <translation>Charger {name}</translation>
        </message>
        <message>
            <source>comes with Causerie; small, so that it answers at once on any computer</source>
            <translation>fourni avec Causerie ; petit, pour répondre tout de suite sur n’importe quel ordinateur</translation>
        </message>
        <message>
            <source>Loading: {n} %</source>
            <translation>Chargement : {n} %</translation>
        </message>
        <message>
            <source>{n} million parameters</source>
            <translation>{n} M de paramètres</translation>
        </message>
        <message>
            <source>context {n} tokens</source>
            <translation>contexte de {n} tokens</translation>
        </message>
        <message>
            <source>Open a model file</source>
            <translation>Ouvrir un fichier de modèle</translation>
        </message>
        <message>
            <source>GGUF models (*.gguf);;All files (*)</source>
            <translation>Modèles GGUF (*.gguf);;Tous les fichiers (*)</translation>
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
    </context>
    <context>
        <name>SettingsPage</name>
        <message>
            <source>Settings</source>
            <translation>Réglages</translation>
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
            <source>Offline</source>
            <translation>Hors ligne</translation>
        </message>
        <message>
            <source>nothing leaves</source>
            <translation>rien ne sort</translation>
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
</TS>
