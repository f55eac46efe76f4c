/** The member's paid card: what it brings, until when, what it saved; and cards on offer. */
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'

import { PageHead, Panel, Refusal, Skeleton } from '../shell/parts'
import { isLive, useCards } from './cards'
import { FamilyPanel, JoinPanel, SharedPanel } from './FamilyPanel'
import { HeldPanel } from './HeldPanel'
import { OfferPanel } from './OfferPanel'

export default function CardPage() {
  const { t } = useTranslation('memberships')
  const cards = useCards()
  const { offers = [], memberships } = cards.data ?? {}
  const own = memberships?.own ?? []
  const live = own.filter((one) => isLive(one.membership))
  const shared = memberships?.shared ?? []
  const held = new Set([...live, ...shared].map((one) => one.membership.card))
  return (
    <>
      <PageHead title={t('title')} back="/me" />
      <Refusal problem={cards.error} retry={() => void cards.refetch()} />
      {cards.isPending ? <Skeleton lines={6} /> : null}
      {live.map((one) => {
        const offer = offers.find(({ card }) => card === one.membership.card)
        return (
          <Fragment key={one.membership.membership}>
            <HeldPanel held={one.membership} offer={offer} />
            {offer?.persons && one.membership.kind === 'paid' ? (
              <FamilyPanel of={one} persons={offer.persons} />
            ) : null}
          </Fragment>
        )
      })}
      {shared.map((one) => (
        <SharedPanel key={one.membership.membership} of={one} />
      ))}
      {offers
        .filter((one) => !held.has(one.card))
        .map((one) => (
          <OfferPanel
            key={one.card}
            offer={one}
            isTried={memberships?.tried.includes(one.card) ?? false}
          />
        ))}
      {cards.data && !offers.length && !own.length ? (
        <Panel>
          <p>{t('none')}</p>
        </Panel>
      ) : null}
      {cards.data && !shared.length && offers.some((one) => one.persons) ? <JoinPanel /> : null}
    </>
  )
}
