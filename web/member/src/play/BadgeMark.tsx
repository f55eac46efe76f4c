/** A badge: coloured once it was won. The pictures are drawn here. */
import type { Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useTranslation } from 'react-i18next'

const PICTURES: Record<string, string> = {
  star: 'M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.9-5.2 2.9 1-5.9L3.5 9.7l5.9-.8z',
  medal: 'M8 3h8l-2 6h-4zM12 9a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z',
  crown: 'M4 8l4 4 4-7 4 7 4-4-1.5 10h-13z',
  heart: 'M12 20C5 15 3 11 4.5 7.5 6 4.5 10 4.500 12 8c2-3.500 6-3.500 7.500-.5C21 11 19 15 12 20z',
  leaf: 'M5 19C4 9 10 4 20 4c0 10-5 16-15 15zM5 19l8-8',
  cup: 'M7 4h10v5a5 5 0 0 1-10 0zM7 6H4c0 3 1 4 3 4M17 6h3c0 3-1 4-3 4M12 14v3M8 20h8M9 17h6',
  flame: 'M12 3c1 4 5 5.500 5 10a5 5 0 0 1-10 0c0-2 1-3 2-4 0 2 1 2.500 2 2.500C12 9 11 6 12 3z',
  gift: 'M4 10h16v10H4zM3 7h18v3H3zM12 7v13M12 7C9 7 7 6 8 4s4 0 4 3c0-3 3-5 4-3s-1 3-4 3',
  rocket: 'M12 3c4 3 4 8 3 12H9C8 11 8 6 12 3zM9 13l-3 3v3l3-2M15 13l3 3v3l-3-2M12 18v3',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2',
}

export function BadgeMark({ badge }: { badge: Schemas['PlayAnswer']['badges'][number] }) {
  const { t } = useTranslation('play')
  const formats = useFormats()
  const when = badge.since ? t('since', { day: formats.day(badge.since) }) : t('notYet')
  return (
    <li className={badge.since ? 'badge won' : 'badge'}>
      <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d={PICTURES[badge.picture] ?? PICTURES.star} />
      </svg>
      <strong>{badge.name}</strong>
      {badge.about ? <small>{badge.about}</small> : null}
      <small>{when}</small>
    </li>
  )
}
