/** A card on offer: what it brings, what it costs, and trying it or paying with points. */
import { useFormats } from '@regulars/shared/formats'
import { useTranslation } from 'react-i18next'

import { Notice, Panel, Refusal } from '../shell/parts'
import { begin, useDeed, type Offer } from './cards'

export function OfferPanel({ offer, isTried }: { offer: Offer; isTried: boolean }) {
  const { t } = useTranslation('memberships')
  const { count } = useFormats()
  const take = useDeed((pay: 'points' | 'trial') => begin(offer.card, pay))
  return (
    <Panel title={offer.name}>
      <Brings offer={offer} />
      <ul className="plain">
        {offer.says.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      <Refusal problem={take.error} />
      {offer.trial && !isTried ? (
        <button
          type="button"
          className="button wide"
          disabled={take.isPending}
          onClick={() => take.mutate('trial')}
        >
          {t('try')}
        </button>
      ) : null}
      {offer.points ? (
        <button
          type="button"
          className="button second wide"
          disabled={take.isPending}
          onClick={() => take.mutate('points')}
        >
          {t('buyPoints', { n: count(offer.points.amount) })}
        </button>
      ) : null}
      {offer.price ? <Notice>{t('atTheShop')}</Notice> : null}
    </Panel>
  )
}

export function Brings({ offer }: { offer: Offer }) {
  const { t } = useTranslation('memberships')
  if (!offer.benefits.length) return null
  return (
    <>
      <h3>{t('brings')}</h3>
      <ul className="plain">
        {offer.benefits.map((one) => (
          <li key={one.benefit}>
            <strong>{one.name}</strong>
          </li>
        ))}
      </ul>
    </>
  )
}
