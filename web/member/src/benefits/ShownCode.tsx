/** The code as it is scanned; it counts down, and says when it was used. */
import { client, type Schemas } from '@regulars/shared/api/client'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Notice } from '../shell/parts'
import { told } from '../shell/told'
import { useRefreshed } from './benefits'

const LOOK_EVERY_MS = 2000
const SECOND_MS = 1000

interface Shown {
  code: Schemas['ShownCodeAnswer']
  benefit: string
  onAgain: () => void
}

export function ShownCode({ code, benefit, onAgain }: Shown) {
  const { t } = useTranslation('benefits')
  const left = useSecondsTo(code.expires_at)
  const refreshed = useRefreshed()
  const state = useQuery({
    queryKey: ['benefit-code', code.code],
    queryFn: () =>
      told(client.GET('/v1/me/benefits/{benefit}/code', { params: { path: { benefit } } })),
    refetchInterval: ({ state }) => (state.data?.state === 'used' ? false : LOOK_EVERY_MS),
    staleTime: 0,
  })
  const isUsed = state.data?.state === 'used'
  useEffect(() => {
    if (isUsed) refreshed()
    // Told once, when it was used: the function itself is made anew each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isUsed])
  if (isUsed)
    return (
      <Notice tone="good">
        <p role="status">{t('code.used')}</p>
      </Notice>
    )
  if (left <= 0)
    return (
      <>
        <p role="status">{t('code.over')}</p>
        <button type="button" className="button wide" onClick={onAgain}>
          {t('code.again')}
        </button>
      </>
    )
  return (
    <div className="usecode">
      <svg
        className="qr"
        viewBox={`0 0 ${code.qr.width} ${code.qr.height}`}
        shapeRendering="crispEdges"
        role="img"
        aria-label={t('code.qr')}
      >
        <rect width={code.qr.width} height={code.qr.height} fill="#fff" />
        <path d={code.qr.path} fill="#000" />
      </svg>
      <p className="number">{code.shown}</p>
      <p className="small" role="timer">
        {t('code.left', { time: clock(left) })}
      </p>
    </div>
  )
}

function useSecondsTo(instant: string): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), SECOND_MS)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, Math.ceil((Date.parse(instant) - now) / SECOND_MS))
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
