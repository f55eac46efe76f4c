/** A card that one holds: until when, whether it renews itself, and what it has saved so far. */
import { useFormats } from '@regulars/shared/formats'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Notice, Panel, Refusal } from '../shell/parts'
import { renew, setRenews, useDeed, useSavings, type Membership, type Offer } from './cards'
import { Brings } from './OfferPanel'

export function HeldPanel({ held, offer }: { held: Membership; offer: Offer | undefined }) {
  const { t } = useTranslation('memberships')
  const { count, day } = useFormats()
  const id = held.membership
  const extend = useDeed(() => renew(id))
  return (
    <Panel title={held.name}>
      <p>
        <strong>{t(`standing.${held.standing}`, { day: day(held.until) })}</strong>
      </p>
      {held.standing === 'grace' ? (
        <Notice tone="bad">{t('graceSays', { day: day(held.ends_at) })}</Notice>
      ) : null}
      <Saved membership={id} />
      {offer ? <Brings offer={offer} /> : null}
      <Renews held={held} />
      <Refusal problem={extend.error} />
      {offer?.points && held.kind === 'paid' ? (
        <button
          type="button"
          className="button second wide"
          disabled={extend.isPending}
          onClick={() => extend.mutate(undefined)}
        >
          {t('renewPoints', { n: count(offer.points.amount) })}
        </button>
      ) : null}
      {offer?.price ? <p className="small">{t('renewAtTheShop')}</p> : null}
    </Panel>
  )
}

/** Shown as it is wished until the server has answered; and as it was, with the problem, where it
 *  refuses. */
function Renews({ held }: { held: Membership }) {
  const { t } = useTranslation('memberships')
  const [wished, wish] = useState<boolean>()
  const change = useDeed((renews: boolean) => setRenews(held.membership, renews))
  return (
    <>
      <label className="choice">
        <input
          type="checkbox"
          checked={wished ?? held.renews}
          disabled={wished !== undefined}
          onChange={(event) => {
            wish(event.target.checked)
            change.mutate(event.target.checked, { onSettled: () => wish(undefined) })
          }}
        />
        <span>
          {t('renews')} <small>{t('renewsHint')}</small>
        </span>
      </label>
      <Refusal problem={change.error} />
    </>
  )
}

/** Told as it is, also where the card was not worth it so far. */
function Saved({ membership }: { membership: string }) {
  const { t } = useTranslation('memberships')
  const { count, money } = useFormats()
  const { data, error } = useSavings(membership)
  if (error) return <Refusal problem={error} />
  if (!data) return null
  return (
    <>
      <h3>{t('saved.title')}</h3>
      <p>
        {t('saved.says', {
          saved: money(data.saved.amount, data.saved.currency),
          paid: money(data.paid.amount, data.paid.currency),
        })}
      </p>
      {data.net.amount < 0 ? (
        <p className="small">
          {t('saved.less', { money: money(-data.net.amount, data.net.currency) })}
        </p>
      ) : null}
      <ul className="plain">
        {data.benefits.map((one) => (
          <li key={one.benefit} className="withdeed">
            <span>{one.name}</span>
            <span className="small">
              {one.saved.amount
                ? money(one.saved.amount, one.saved.currency)
                : t('saved.uses', { n: count(one.uses) })}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
