/** What conditions of this document may look at. */
import { api } from '@regulars/shared/api/client'
import { useState } from 'react'

import { useSettled } from '../drafts/useReading'
import type { ProgramFields } from './context'

const PAUSE_MS = 800

/** The last good answer, also while the document is half written. */
export function useFields(text: string, isReadable: boolean): ProgramFields | null {
  const settled = useSettled(text, PAUSE_MS)
  const [good, setGood] = useState<ProgramFields | null>(null)
  const found = api.useQuery(
    'post',
    '/v1/programs:fields',
    { body: { document: settled } },
    { enabled: isReadable && settled !== '', retry: false, staleTime: Infinity, gcTime: 60_000 },
  )
  const told = found.data
  if (told && told !== good) setGood(told)
  return good
}
