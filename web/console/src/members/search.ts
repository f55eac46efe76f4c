/** What is asked of the list of members: in the address, and as the API is asked. */
import type { paths } from '@regulars/shared/api/schema'

import { useUrlStates } from '../shell/urlState'

export type Query = NonNullable<paths['/v1/members']['get']['parameters']['query']>
export type Sort = NonNullable<Query['sort']>
export type Status = NonNullable<Query['status']>

export const STATUSES: Status[] = ['active', 'frozen', 'restricted', 'merged', 'erased']

export const SORTS: Sort[] = [
  '-number',
  'number',
  '-enrolled',
  'enrolled',
  '-active',
  'active',
  '-balance',
  'balance',
]

export interface Asked {
  tiers: string[]
  status?: Status | undefined
  enrolledFrom?: string | undefined
  enrolledTo?: string | undefined
  activeFrom?: string | undefined
  activeTo?: string | undefined
  currency?: string | undefined
  least?: string | undefined
  most?: string | undefined
  condition: string
  sort: Sort
}

export const FILTERS = {
  tier: '',
  status: '',
  enrolledFrom: '',
  enrolledTo: '',
  activeFrom: '',
  activeTo: '',
  least: '',
  most: '',
  condition: '',
}

export function useAsked(): [Asked, (next: Record<string, string>) => void] {
  const [read, write] = useUrlStates()
  const asked: Asked = {
    tiers: read('tier')?.split(',').filter(Boolean) ?? [],
    status: STATUSES.find((one) => one === read('status')),
    enrolledFrom: read('enrolledFrom'),
    enrolledTo: read('enrolledTo'),
    activeFrom: read('activeFrom'),
    activeTo: read('activeTo'),
    currency: read('currency'),
    least: read('least'),
    most: read('most'),
    condition: read('condition') ?? '',
    sort: SORTS.find((one) => one === read('sort')) ?? '-number',
  }
  return [asked, write]
}

/** Whether anything at all narrows the list. */
export function isNarrow(asked: Asked): boolean {
  const { status, enrolledFrom, enrolledTo, activeFrom, activeTo, least, most, condition } = asked
  const others = [status, enrolledFrom, enrolledTo, activeFrom, activeTo, least, most, condition]
  return asked.tiers.length > 0 || others.some(Boolean)
}

/** As the API is asked. Days are whole ones of the reader's own calendar, the last included. */
export function queryOf(asked: Asked, currencies: string[]): Query {
  const isByBalance = asked.sort.endsWith('balance') || asked.least || asked.most
  return {
    tier: asked.tiers.length ? asked.tiers : undefined,
    status: asked.status,
    enrolled_from: asked.enrolledFrom && midnight(asked.enrolledFrom, 0),
    enrolled_to: asked.enrolledTo && midnight(asked.enrolledTo, 1),
    active_from: asked.activeFrom,
    active_to: asked.activeTo,
    currency: isByBalance ? (asked.currency ?? currencies[0]) : undefined,
    balance_from: numberOf(asked.least),
    balance_to: numberOf(asked.most),
    condition: asked.condition || undefined,
    sort: asked.sort,
  }
}

function midnight(day: string, later: number): string | undefined {
  const at = new Date(`${day}T00:00:00`)
  if (Number.isNaN(at.getTime())) return undefined
  at.setDate(at.getDate() + later)
  return at.toISOString()
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
}
