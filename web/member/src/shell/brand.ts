/** Whose pages these are. */
import { client, type Schemas } from '@regulars/shared/api/client'
import { language } from '@regulars/shared/languages'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useEffect } from 'react'

import { keptCard } from './keptCard'
import { useHome } from './home'
import { told } from './told'

export type ProgramWords = Schemas['ProgramWordsAnswer']

/** The rules of the program in words; also its name, for whoever is not a member yet. */
export function useProgramWords(isWanted = true): UseQueryResult<ProgramWords> {
  return useQuery({
    queryKey: ['words', language()],
    enabled: isWanted,
    staleTime: 300_000,
    queryFn: () => told(client.GET('/v1/program/words')),
  })
}

/** The name above the page: the program's, as soon as it is known from anywhere. */
export function useBrand(): string {
  const home = useHome()
  const words = useProgramWords(home.isError)
  const name = home.data?.program ?? words.data?.program ?? keptCard()?.program ?? ''
  useEffect(() => {
    if (name) document.title = name
  }, [name])
  return name
}
