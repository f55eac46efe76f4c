/** The answer behind the first page, asked for as early as can be. */
import { client, type Schemas } from '@regulars/shared/api/client'
import { isProblem } from '@regulars/shared/problems'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'

import { keepCard } from './keptCard'
import { queries } from './queries'
import { told } from './told'

export type Home = Schemas['HomeAnswer']

export const HOME = ['home']

async function fetchHome(): Promise<Home> {
  const home = await told(client.GET('/v1/me/home'))
  keepCard(home)
  return home
}

const options = { queryKey: HOME, queryFn: fetchHome }

/** Begin to ask, before there is anything to show it in. */
export function askHome(): void {
  void queries.query(options).catch(() => undefined)
}

/** Whether this browser's user is no member here: nobody, or somebody of the staff. */
export function isStranger(thrown: unknown): boolean {
  return isProblem(thrown) && (thrown.status === 401 || thrown.code === 'missing_scope')
}

export function useHome(): UseQueryResult<Home> {
  return useQuery(options)
}
