/** How fast an import goes and how long it will take, by what it has done in the last moments. */
import { useFormats } from '@regulars/shared/formats'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Import } from './StateTag'

interface Mark {
  at: number
  records: number
  share: number
}

export interface Pace {
  rate: string
  left: string | undefined
}

const KEPT = 12

/** Undefined until there is something to compare. */
export function usePace(file: Import): Pace | undefined {
  const { t } = useTranslation('imports')
  const formats = useFormats()
  const [marks, setMarks] = useState<Mark[]>([])
  const { records_done: records, share, updated_at: updated } = file
  const at = new Date(updated).getTime()
  const last = marks.at(-1)
  if (last?.at !== at) setMarks([...marks.slice(1 - KEPT), { at, records, share }])

  const seconds = secondsLeft(marks)
  const perSecond = rateOf(marks)
  if (perSecond === undefined) return undefined
  return {
    rate: formats.count(Math.round(perSecond)),
    left:
      seconds === undefined
        ? undefined
        : seconds < 60
          ? t('run.seconds', { count: Math.ceil(seconds) })
          : t('run.minutes', { count: Math.ceil(seconds / 60) }),
  }
}

export function rateOf(marks: Mark[]): number | undefined {
  const [first, last] = [marks[0], marks.at(-1)]
  if (!first || !last || last.at <= first.at || last.records <= first.records) return undefined
  return ((last.records - first.records) * 1000) / (last.at - first.at)
}

export function secondsLeft(marks: Mark[]): number | undefined {
  const [first, last] = [marks[0], marks.at(-1)]
  if (!first || !last || last.at <= first.at || last.share <= first.share) return undefined
  return ((1 - last.share) * (last.at - first.at)) / (last.share - first.share) / 1000
}
