/** The card as a till scans it: black on white in either theme, large when touched. */
import type { Schemas } from '@regulars/shared/api/client'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Icon } from '../shell/Icon'

type Card = Schemas['CardAnswer']
type Drawing = Schemas['Drawing']

interface Shown {
  program: string
  tier: string
  card: Card
}

export function CardPanel({ program, tier, card }: Shown) {
  const { t } = useTranslation('home')
  const [isLarge, setLarge] = useState(false)
  return (
    <section className="card" aria-label={t('card')}>
      <div className="cardhead">
        <strong>{program}</strong>
        {tier ? <span className="tier">{tier}</span> : null}
      </div>
      <button
        type="button"
        className="codes"
        onClick={() => setLarge(true)}
        aria-label={t('enlarge')}
      >
        <Codes card={card} />
      </button>
      <p className="number">{card.shown}</p>
      {isLarge ? <Large card={card} onClose={() => setLarge(false)} /> : null}
    </section>
  )
}

function Codes({ card }: { card: Card }) {
  const { t } = useTranslation('home')
  return (
    <>
      <Drawn drawing={card.qr} label={t('qr')} className="qr" />
      {card.barcode ? (
        <Drawn drawing={card.barcode} label={t('barcode')} className="barcode" isStretched />
      ) : null}
    </>
  )
}

function Large({ card, onClose }: { card: Card; onClose: () => void }) {
  const { t } = useTranslation('home')
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const shown = dialog.current
    // Older webviews know no modal dialog; there it is shown as a part of the page.
    if (shown && typeof shown.showModal === 'function' && !shown.open) shown.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      className="large"
      aria-label={t('card')}
      onClose={onClose}
      open={undefined}
    >
      <button type="button" className="close" onClick={onClose} aria-label={t('shared:close')}>
        <Icon name="close" />
      </button>
      <Codes card={card} />
      <p className="number">{card.shown}</p>
      <p className="small">{t('atTheTill')}</p>
    </dialog>
  )
}

interface DrawnProps {
  drawing: Drawing
  label: string
  className: string
  isStretched?: boolean
}

function Drawn({ drawing, label, className, isStretched = false }: DrawnProps) {
  return (
    <svg
      className={className}
      viewBox={`0 0 ${drawing.width} ${drawing.height}`}
      preserveAspectRatio={isStretched ? 'none' : 'xMidYMid meet'}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <rect width={drawing.width} height={drawing.height} fill="#fff" />
      <path d={drawing.path} fill="#000" />
    </svg>
  )
}
