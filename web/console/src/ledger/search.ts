/** What is searched for among the transfers: in the address, and as the API is asked. */
import type { paths } from '@regulars/shared/api/schema'

import { useUrlStates } from '../shell/urlState'
import { endOf, startOf } from './zones'

export type Query = NonNullable<paths['/v1/transfers']['get']['parameters']['query']>
export type Account = NonNullable<Query['account']>

export const CODES = [
  'earn',
  'mature',
  'redeem',
  'restore',
  'expire',
  'reverse',
  'repay',
  'adjust',
  'convert',
  'transfer',
  'hold',
  'release',
  'merge',
] as const

export const ACCOUNTS: Account[] = [
  'available',
  'pending',
  'held',
  'owed',
  'issued',
  'redeemed',
  'expired',
  'adjusted',
  'converted',
  'transit',
  'waived',
]

/** Days are whole ones, the last included; `by` says of which instant they are. */
export interface Search {
  from?: string
  to?: string
  by: 'effective' | 'recorded'
  codes: string[]
  currency?: string
  account?: string
  member?: string
  rule?: string
  least?: string
  most?: string
}

const NAMES = ['from', 'to', 'currency', 'account', 'member', 'rule', 'least', 'most'] as const

export function useSearch(): [Search, (next: Record<string, string>) => void] {
  const [read, write] = useUrlStates()
  const search: Search = {
    by: read('by') === 'recorded' ? 'recorded' : 'effective',
    codes: read('code')?.split(',').filter(Boolean) ?? [],
  }
  for (const name of NAMES) search[name] = read(name)
  return [search, write]
}

/** Whether anything at all is asked for. */
export function isNarrow(search: Search): boolean {
  return search.codes.length > 0 || NAMES.some((name) => search[name] !== undefined)
}

/** As the API is asked. `zone`: whose days they are. */
export function queryOf(search: Search, zone: string): Query {
  const from = search.from && startOf(search.from, zone)
  const to = search.to && endOf(search.to, zone)
  const isRecorded = search.by === 'recorded'
  return {
    from: isRecorded ? undefined : from,
    to: isRecorded ? undefined : to,
    recorded_from: isRecorded ? from : undefined,
    recorded_to: isRecorded ? to : undefined,
    code: search.codes.length ? search.codes : undefined,
    currency: search.currency,
    account: ACCOUNTS.find((one) => one === search.account),
    member: search.member,
    rule: search.rule,
    least: numberOf(search.least),
    most: numberOf(search.most),
  }
}

/** The same as an address of the file. */
export function fileAddress(search: Search, zone: string, form: string): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries<unknown>(queryOf(search, zone))) {
    if (value !== undefined)
      for (const one of [value].flat() as unknown[]) params.append(name, String(one))
  }
  params.append('form', form)
  return `/v1/transfers:export?${params.toString()}`
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
