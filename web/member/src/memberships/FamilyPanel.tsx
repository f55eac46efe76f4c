/** Sharing a card: asking somebody by a code, accepting, leaving, taking somebody out. */
import { client } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Field, Notice, Panel, Refusal } from '../shell/parts'
import { told } from '../shell/told'
import { useDeed, type Detail } from './cards'

export function FamilyPanel({ of, persons }: { of: Detail; persons: number }) {
  const { t } = useTranslation('memberships')
  const { day } = useFormats()
  const { membership } = of.membership
  const people = of.family.filter((one) => one.state === 'joined' || one.state === 'invited')
  const joined = people.filter((one) => one.state === 'joined').length
  const invite = useDeed(() =>
    told(
      client.POST('/v1/me/memberships/{membership}/family', {
        params: { path: { membership } },
        body: {},
      }),
    ),
  )
  const remove = useDeed((person: string) =>
    told(
      client.DELETE('/v1/me/memberships/{membership}/family/{person}', {
        params: { path: { membership, person } },
      }),
    ),
  )
  return (
    <Panel title={t('family.title')}>
      <p>{t('family.says', { joined, persons })}</p>
      <ul className="plain">
        {people.map((one, place) => (
          <li key={one.person} className="withdeed">
            <span>
              <strong>{t(`family.${one.state}`, { n: place + 1 })}</strong>
              <time dateTime={one.joined_at ?? one.invited_at}>
                {day(one.joined_at ?? one.invited_at)}
              </time>
            </span>
            <button
              type="button"
              className="quiet"
              disabled={remove.isPending}
              onClick={() => remove.mutate(one.person)}
            >
              {t(one.state === 'joined' ? 'family.remove' : 'family.withdraw')}
            </button>
          </li>
        ))}
      </ul>
      {invite.data ? (
        <Notice tone="good">
          <p>{t('family.code')}</p>
          <p>
            <strong>{invite.data.code}</strong>
          </p>
          <p className="small">{t('family.codeUntil', { day: day(invite.data.expires_at) })}</p>
        </Notice>
      ) : null}
      <Refusal problem={invite.error ?? remove.error} />
      {joined < persons ? (
        <button
          type="button"
          className="button second wide"
          disabled={invite.isPending}
          onClick={() => invite.mutate(undefined)}
        >
          {t('family.invite')}
        </button>
      ) : null}
    </Panel>
  )
}

export function SharedPanel({ of }: { of: Detail }) {
  const { t } = useTranslation('memberships')
  const { day } = useFormats()
  const { membership } = of.membership
  const leave = useDeed((person: string) =>
    told(
      client.DELETE('/v1/me/family/{membership}/{person}', {
        params: { path: { membership, person } },
      }),
    ),
  )
  const [own] = of.family
  return (
    <Panel title={of.membership.name}>
      <p>{t('shared', { day: day(of.membership.until) })}</p>
      <Refusal problem={leave.error} />
      {own ? (
        <button
          type="button"
          className="button second wide"
          disabled={leave.isPending}
          onClick={() => leave.mutate(own.person)}
        >
          {t('family.leave')}
        </button>
      ) : null}
    </Panel>
  )
}

export function JoinPanel() {
  const { t } = useTranslation('memberships')
  const [code, setCode] = useState('')
  const join = useDeed((typed: string) =>
    told(client.POST('/v1/me/family', { body: { code: typed } })),
  )
  return (
    <Panel title={t('join.title')}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          join.mutate(code)
        }}
      >
        <Field label={t('join.code')} hint={t('join.hint')}>
          <input
            value={code}
            required
            maxLength={60}
            autoComplete="off"
            autoCapitalize="characters"
            onChange={(event) => setCode(event.target.value)}
          />
        </Field>
        <Refusal problem={join.error} />
        <button type="submit" className="button second wide" disabled={join.isPending}>
          {t('join.deed')}
        </button>
      </form>
    </Panel>
  )
}
