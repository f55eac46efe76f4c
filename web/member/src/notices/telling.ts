/** What a notice says, and where that of which it tells is looked at. */
import type { Notice } from './asking'

type Texts = Record<string, string>

/** The parts that notices are filled with; each kind has some of them. */
interface Params {
  tier?: Texts
  before?: Texts
  benefits?: Texts[]
  by?: Texts | null
  benefit?: Texts
  coupon?: Texts
  text?: Texts
  badge?: Texts
  prize?: Texts
  draw?: Texts
  card?: Texts
  until?: string | null
  renews?: boolean
  at?: string
  place?: string
  why?: string
  source?: string
  count?: number
  redemption?: string
  reward?: string
}

export interface Said {
  /** Under `kinds.<kind>` of the words; what is empty is not said. */
  title: string
  details: string[]
  fills: Record<string, string>
}

export interface Speech {
  language: string
  day: (instant: string) => string
  moment: (instant: string) => string
}

/** The keys of the sentences for one notice, and what fills them. */
export function saying({ kind, params: filled }: Notice, speech: Speech): Said {
  const params = filled as Params
  const fills: Record<string, string> = {}
  for (const key of NAMED) {
    const texts = params[key]
    if (texts) fills[key] = textIn(texts, speech.language)
  }
  const benefits = (params.benefits ?? []).map((one) => textIn(one, speech.language))
  if (benefits.length) fills.benefits = listed(benefits, speech.language)
  if (params.until) fills.until = speech.day(params.until)
  if (params.at) fills.at = speech.moment(params.at)
  if (params.place) fills.place = params.place
  if (params.why) fills.why = params.why
  const isBy = (kind === 'benefits_gained' || kind === 'benefits_lost') && fills.by
  if (params.count) fills.count = String(params.count)
  const title = `kinds.${kind}.${isBy ? 'by' : params.count ? 'many' : 'title'}`
  return { title, details: detailsOf(kind, params, fills), fills }
}

const NAMED = [
  'tier',
  'before',
  'by',
  'benefit',
  'coupon',
  'text',
  'badge',
  'prize',
  'draw',
  'card',
] as const

function detailsOf(kind: string, params: Params, fills: Record<string, string>): string[] {
  if (kind === 'tier_up' || kind === 'tier_down') return fills.benefits ? ['benefits'] : []
  if (kind === 'benefits_gained' || kind === 'benefits_lost') return ['detail']
  if (kind === 'benefit_granted') return fills.until ? ['until'] : []
  if (kind === 'coupon_received')
    return [...couponDetails(params), ...(fills.until ? ['until'] : [])]
  if (kind === 'appointment_cancelled')
    return [fills.place ? 'detail' : 'when', ...(fills.why ? ['why'] : [])]
  if (kind === 'card_ends_soon') return [params.renews ? 'renews' : 'ends']
  return DETAILED.has(kind) ? ['detail'] : []
}

/** How a coupon came: the reason that the staff gave, or from whom it is. */
function couponDetails({ why, source = '' }: Params): string[] {
  if (why) return ['why']
  return ['gift', 'prize', 'reward'].includes(source) ? [source] : []
}

/** Kinds with a second sentence that is always said. */
const DETAILED = new Set([
  'badge_won',
  'prize_won',
  'redemption_placed',
  'redemption_packed',
  'redemption_shipped',
  'redemption_ready',
  'redemption_cancelled',
  'reward_back',
  'card_renewed',
  'card_not_renewed',
  'card_ended',
])

/** The page of what a notice tells of; none for a message that says all itself. */
export function pathOf({ kind, params: filled }: Notice): string | undefined {
  const params = filled as Params
  if (kind.startsWith('redemption_'))
    return params.redemption ? `/mall/redemptions/${params.redemption}` : '/mall/redemptions'
  if (kind === 'reward_back') return params.reward ? `/mall/rewards/${params.reward}` : '/mall'
  if (kind.startsWith('card_')) return '/card'
  return PATHS[kind]
}

const PATHS: Partial<Record<string, string>> = {
  tier_up: '/benefits',
  tier_down: '/benefits',
  benefits_gained: '/benefits',
  benefits_lost: '/benefits',
  benefit_granted: '/benefits',
  appointment_cancelled: '/benefits',
  coupon_received: '/wallet',
  badge_won: '/play',
  prize_won: '/play',
}

function textIn(texts: Texts, language: string): string {
  return (language.startsWith('zh') ? texts['zh-CN'] : undefined) ?? texts.en ?? ''
}

function listed(names: string[], language: string): string {
  return language.startsWith('zh') ? names.join('、') : names.join(', ')
}
