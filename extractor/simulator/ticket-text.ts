import type { Random } from './random.ts';

interface Phrases {
  subjects: readonly string[];
  sentences: readonly string[];
}

const ENGLISH: Phrases = {
  subjects: ['VPN drops every few minutes', 'Access to the reporting folder', 'Invoice shows the wrong VAT', 'Laptop will not wake up', 'API answers 502 since this morning', 'New starter on Monday: accounts?', 'Duplicate shipments in the export', 'Please raise our user limit', 'Badge reader at gate B', 'Two-factor reset'],
  sentences: ['It started after the update last night and happens on two machines.', 'I restarted it twice, without luck; screenshots are in the thread.', 'We need this before the customer call at 14:00, if that is possible.', 'The log says "connection reset by peer", then nothing for a minute.', 'Steps: open the page, choose Export > All, wait; the spinner never ends.', 'My colleague sees the same thing, but only on the old network.', 'Not urgent, yet it blocks the month’s closing if it is still there on Friday.', 'Amounts differ by 0.01 in 3 of 4,812 rows.'],
};

const SCRIPTS: readonly (readonly [Phrases, number])[] = [
  [ENGLISH, 62],
  [
    {
      subjects: ['Accès refusé à l’outil de facturation', 'Écran noir après la mise à jour', 'Problème d’expédition — référence n° 8841'],
      sentences: ['Bonjour, depuis hier je n’arrive plus à me connecter.', 'J’ai déjà essayé de réinitialiser le mot de passe, sans succès.', 'Merci d’avance pour votre aide ! À bientôt.', 'La pièce jointe dépasse 25 Mo : où puis-je la déposer ?'],
    },
    9,
  ],
  [
    {
      subjects: ['Drucker im 3. Stock streikt', 'Zugang für Frau Größler gelöscht?', 'Rechnungsprüfung hängt'],
      sentences: ['Seit dem Neustart erscheint nur noch „Fehler 0x80070005“.', 'Könnt ihr bitte die Rechte für das Laufwerk prüfen?', 'Danke & schöne Grüße aus München!', 'Das betrifft vermutlich auch die Außenstelle.'],
    },
    8,
  ],
  [
    {
      subjects: ['Δεν ανοίγει το αρχείο παραγγελιών', 'Αίτημα πρόσβασης στο EDI'],
      sentences: ['Καλημέρα, η σύνδεση διακόπτεται κάθε λίγα λεπτά.', 'Στέλνω στιγμιότυπο οθόνης στο νήμα.', 'Ευχαριστώ πολύ για την άμεση απάντηση.'],
    },
    6,
  ],
  [
    {
      subjects: ['تعذر تسجيل الدخول إلى البوابة', 'طلب صلاحية لملف العقود'],
      sentences: ['السلام عليكم، تظهر رسالة خطأ عند الحفظ.', 'جربنا من جهازين مختلفين والنتيجة واحدة.', 'نرجو الرد قبل نهاية اليوم، وشكرًا لكم.'],
    },
    6,
  ],
  [
    {
      subjects: ['接口返回超时', '无法导出本月报表', '新同事账号开通'],
      sentences: ['今天上午开始，所有请求都会超时。', '我们已经重启过服务，问题仍然存在。', '附件里有日志，麻烦尽快看一下，谢谢！'],
    },
    6,
  ],
  [
    {
      subjects: ['🔥 prod is slow 🔥', '👋 quick question about seats'],
      sentences: ['Thanks a lot 🙏🏽 — no rush 🐢.', 'Works on my machine 🤷‍♀️ but not for the others 😅.', 'Here is the chart 📉 … see the drop at 09:40 ⏰'],
    },
    3,
  ],
];

/** A subject and a description in one of several scripts; some descriptions are long. */
export function ticketText(random: Random): { subject: string; description: string } {
  const phrases = random.weighted(SCRIPTS);
  const count = random.chance(0.06) ? random.integer(30, 70) : random.integer(2, 11);
  const sentences = Array.from({ length: count }, () => random.pick(phrases.sentences));
  const separator = random.chance(0.2) ? '\n' : ' ';
  return { subject: random.pick(phrases.subjects), description: sentences.join(separator) };
}
