/**
 * How a member of staff can be told from a ticket:
 * `mapped` by a `slack_user` mapping; `by_email` only by the address on the ticket; `shared_email`
 * by an address that two people use; `unmapped` with a Slack account that nobody has mapped;
 * `unlisted` likewise, and missing in the directory of Slack accounts too; `deactivated` unmapped and
 * the account since switched off; `former` mapped, and no longer with the company.
 */
export type IdentityCase = 'mapped' | 'by_email' | 'shared_email' | 'unmapped' | 'unlisted' | 'deactivated' | 'former';

/** Name, local part of the e-mail address, and what is special about the identity. */
export type Person = readonly [name: string, mailbox: string, identity?: IdentityCase];

/** Those who answer tickets; the order gives them their queues in turn. */
export const AGENT_PEOPLE: readonly Person[] = [
  ['Ana Lopes', 'ana.lopes'],
  ['Bjørn Halvorsen', 'bjorn.halvorsen'],
  ['Chioma Okafor', 'chioma.okafor'],
  ['Δήμητρα Παππά', 'dimitra.pappa'],
  ['Élodie Marchand', 'elodie.marchand'],
  ['Farid Haddad', 'farid.haddad'],
  ['Greta Lindqvist', 'greta.lindqvist'],
  ['何静', 'he.jing'],
  ['İpek Yıldız', 'ipek.yildiz'],
  ['João Figueira', 'joao.figueira'],
  ['Katarzyna Wójcik', 'katarzyna.wojcik'],
  ['Liam O’Connor', 'liam.oconnor'],
];

/** Everybody else at Zenithops. */
export const OTHER_PEOPLE: readonly Person[] = [
  ['Maja Nowak', 'maja.nowak'],
  ['Νίκος Γεωργίου', 'nikos.georgiou'],
  ['Olga Petrova', 'olga.petrova'],
  ['Priya Raghavan', 'priya.raghavan'],
  ['Quentin Dubois', 'quentin.dubois'],
  ['Rosa Jiménez', 'rosa.jimenez'],
  ['سارة المنصوري', 'sara.almansoori'],
  ['Tomáš Novotný', 'tomas.novotny'],
  ['Ursula Brandt', 'ursula.brandt'],
  ['Valentina Ricci', 'valentina.ricci'],
  ['王芳', 'wang.fang'],
  ['Xavier Puig', 'xavier.puig'],
  ['Yasmin Rahimi', 'yasmin.rahimi'],
  ['Zoltán Kovács', 'zoltan.kovacs'],
  ['Agnes Lund', 'agnes.lund'],
  ['Bruno Costa', 'bruno.costa'],
  ['Camille Lefèvre', 'camille.lefevre'],
  ['Daniel Abebe', 'daniel.abebe'],
  ['Emma Virtanen', 'emma.virtanen'],
  ['Φωτεινή Ιωάννου', 'foteini.ioannou'],
  ['Giulia Conti', 'giulia.conti'],
  ['Hassan Jamil', 'hassan.jamil'],
  ['Ingrid Solberg', 'ingrid.solberg'],
  ['Jakub Zieliński', 'jakub.zielinski'],
  ['Kenji Watanabe', 'kenji.watanabe'],
  ['李明', 'li.ming'],
  ['Łukasz Mazur', 'lukasz.mazur'],
  ['Marta Šimić', 'marta.simic'],
  ['Nadia Benali', 'nadia.benali'],
  ['Oscar Nyström', 'oscar.nystrom'],
  ['Paula Schäfer', 'paula.schaefer'],
  ['Rui Almeida', 'rui.almeida'],
  ['Sofia Ekström', 'sofia.ekstrom'],
  ['Thandiwe Mokoena', 'thandiwe.mokoena'],
  ['Uma Krishnan', 'uma.krishnan'],
  ['Viktor Dimitrov', 'viktor.dimitrov'],
  ['Wanjiru Kamau', 'wanjiru.kamau'],
  ['Ximena Torres', 'ximena.torres'],
  ['يوسف الخطيب', 'youssef.alkhatib'],
  ['Zeynep Kaya', 'zeynep.kaya'],
  ['Arthur Peeters', 'arthur.peeters'],
  ['Beatriz Moura', 'beatriz.moura'],
  ['Clara Hoffmann', 'clara.hoffmann'],
  ['Deniz Aydın', 'deniz.aydin'],
  ['Elif Şahin', 'elif.sahin'],
  ['Filip Horák', 'filip.horak'],
  ['Grace Mensah', 'grace.mensah', 'by_email'],
  ['Henrik Dahl', 'henrik.dahl', 'by_email'],
  ['Isabel Navarro', 'isabel.navarro', 'by_email'],
  ['Jonas Berg', 'jonas.berg', 'by_email'],
  ['Kateryna Shevchenko', 'reception', 'shared_email'],
  ['Louis Bernard', 'reception', 'shared_email'],
  ['Mei Tanaka', 'mei.tanaka', 'unmapped'],
  ['Noah Fischer', 'noah.fischer', 'unmapped'],
  ['Ottavia Greco', 'ottavia.greco', 'unmapped'],
  ['Pavel Sokolov', 'pavel.sokolov', 'unlisted'],
  ['Ragnar Eide', 'ragnar.eide', 'deactivated'],
  ['Simone Weiss', 'simone.weiss', 'former'],
];

/** Partners, each with the names of its Slack channels and of two Connect users. */
export const PARTNER_FIRMS: readonly {
  name: string;
  domain: string;
  channels: readonly string[];
  people: readonly string[];
}[] = [
  {
    name: 'Aurora Freight',
    domain: 'aurorafreight.example',
    channels: ['ext-aurora-support', 'ext-aurora-billing', 'ext-aurora-launch'],
    people: ['Helen Marsh', 'Curtis Bell'],
  },
  {
    name: 'Βορράς Logistics',
    domain: 'vorras.example',
    channels: ['ext-vorras', 'ext-vorras-edi'],
    people: ['Ελένη Δούκα', 'Στέλιος Ρήγας'],
  },
  {
    name: 'Café Solène',
    domain: 'cafesolene.example',
    channels: ['ext-cafe-solene'],
    people: ['Solène Girard', 'Hugo Perrin'],
  },
  {
    name: '晨星科技 (Morningstar Tech)',
    domain: 'chenxing.example',
    channels: ['ext-chenxing', 'ext-chenxing-api'],
    people: ['陈伟', '赵敏'],
  },
  {
    name: 'Nordlicht Energie',
    domain: 'nordlicht.example',
    channels: ['ext-nordlicht', 'ext-nordlicht-ops', 'ext-nordlicht-invoices'],
    people: ['Jürgen Thiel', 'Anke Möller'],
  },
  {
    name: 'شركة النخيل',
    domain: 'alnakheel.example',
    channels: ['ext-alnakheel'],
    people: ['خالد العتيبي', 'ليلى حسن'],
  },
  {
    name: 'Quillfield Bank, N.A.',
    domain: 'quillfield.example',
    channels: ['ext-quillfield', 'ext-quillfield-security'],
    people: ['Dana "Dee" Whitlock', 'Marcus Reid'],
  },
  {
    name: 'Łódź Textiles',
    domain: 'lodztextiles.example',
    channels: ['ext-lodz-textiles'],
    people: ['Grażyna Pawlak', 'Michał Sikora'],
  },
];

/** People with a guest account, and where their e-mail is kept. */
export const GUEST_PEOPLE: readonly (readonly [name: string, email: string])[] = [
  ['Petra Vance', 'petra@vance-audit.example'],
  ['Rashid Noor', 'rashid.noor@contractors.example'],
  ['Ilse de Wit', 'ilse@dewitdesign.example'],
  ['Tamsin Boyle', 'tamsin.boyle@contractors.example'],
  ['Emeka Obi', 'emeka@obi-consulting.example'],
];

export const BOT_NAMES: readonly string[] = ['Deploy Watch', 'Form Relay', 'Uptime Sentinel'];

export const INTERNAL_CHANNEL_NAMES: readonly string[] = ['help-it', 'help-office', 'help-data', 'people-ops', 'alerts'];

/** Customers who write to the support mailbox and have no Slack account. */
export const OUTSIDE_MAILBOXES: readonly string[] = [
  'kontakt@brückner-söhne.example',
  'orders@pinecrest.example',
  'm.delacroix@atelier-nine.example',
  'no-reply@invoices.example',
  'info@kalimera-tours.example',
];
