/** What is known of the member, and how they correct it. */
import { client, type Schemas } from '@regulars/shared/api/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { Field, Notice, PageHead, Panel, Refusal, Skeleton } from '../shell/parts'
import { told } from '../shell/told'
import { AddressPanel } from './AddressPanel'

type Answer = Schemas['ProfileAnswer']

export const PROFILE = ['profile']

export default function ProfilePage() {
  const { t } = useTranslation('me')
  const profile = useQuery({
    queryKey: PROFILE,
    queryFn: () => told(client.GET('/v1/me/profile')),
  })
  return (
    <>
      <PageHead title={t('profile.title')} back="/me" />
      {profile.isPending ? <Skeleton lines={8} /> : null}
      <Refusal problem={profile.error} retry={() => void profile.refetch()} />
      {profile.data ? (
        <>
          <AboutPanel answer={profile.data} />
          <AddressPanel kind="phone" answer={profile.data} />
          <AddressPanel kind="email" answer={profile.data} />
        </>
      ) : null}
    </>
  )
}

const GENDERS = ['female', 'male', 'other'] as const

function AboutPanel({ answer }: { answer: Answer }) {
  const { t } = useTranslation('me')
  const queries = useQueryClient()
  const { profile } = answer
  const [name, setName] = useState(profile.name ?? '')
  const [birthday, setBirthday] = useState(profile.birthday ?? '')
  const [address, setAddress] = useState(profile.address ?? '')
  const [gender, setGender] = useState(profile.gender ?? '')
  const save = useMutation({
    mutationFn: () =>
      told(
        client.PATCH('/v1/me/profile', {
          body: {
            name: name.trim() || null,
            birthday: birthday || null,
            address: address.trim() || null,
            gender: GENDERS.find((one) => one === gender) ?? null,
          },
        }),
      ),
    onSuccess: (saved) => {
      queries.setQueryData(PROFILE, saved)
      void queries.invalidateQueries({ queryKey: ['home'] })
    },
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Panel>
      <form className="form" onSubmit={submit}>
        <Field label={t('profile.name')}>
          <input
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="name"
            maxLength={100}
          />
        </Field>
        <Field label={t('profile.birthday')} hint={t('profile.birthdayHint')}>
          <input
            type="date"
            value={birthday}
            onChange={(event) => setBirthday(event.target.value)}
            autoComplete="bday"
          />
        </Field>
        <Field label={t('profile.gender')}>
          <select value={gender} onChange={(event) => setGender(event.target.value)}>
            <option value="">{t('profile.untold')}</option>
            {GENDERS.map((one) => (
              <option key={one} value={one}>
                {t(`profile.genders.${one}`)}
              </option>
            ))}
          </select>
        </Field>
        <Field label={t('profile.address')}>
          <textarea
            value={address}
            onChange={(event) => setAddress(event.target.value)}
            autoComplete="street-address"
            rows={2}
            maxLength={300}
          />
        </Field>
        <Refusal problem={save.error} />
        {save.isSuccess ? (
          <Notice tone="good">
            <p>{t('profile.saved')}</p>
          </Notice>
        ) : null}
        <button type="submit" className="button" disabled={save.isPending}>
          {t('shared:save')}
        </button>
      </form>
    </Panel>
  )
}
