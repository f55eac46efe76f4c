/** Whoever is no member yet becomes one: what they agree to, and what they like to tell. */
import { client, type Schemas } from '@regulars/shared/api/client'
import { language, localeOf } from '@regulars/shared/languages'
import { isProblem } from '@regulars/shared/problems'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { Field, Refusal, Skeleton } from '../shell/parts'
import { sent, told } from '../shell/told'
import type { Address } from './address'
import { Asked } from './Asked'
import { answersOf, type Answers } from './consents'
import { GuardianPart, type Guardian } from './GuardianPart'
import { deviceToken } from './webview'

interface Props {
  ticket?: string
  address?: Address
  onEntered: () => void
  onHeld: () => void
  /** The third party's word is not enough: a code has to come back first. */
  onUnproven: () => void
}

type EnrolmentIn = Schemas['EnrolmentIn']

export function EnrolStep({ ticket, address, onEntered, onHeld, onUnproven }: Props) {
  const { t } = useTranslation('door')
  const [name, setName] = useState('')
  const [birthday, setBirthday] = useState('')
  const [answers, setAnswers] = useState<Answers>({})
  const [isUnsaid, setUnsaid] = useState(false)
  const [guardian, setGuardian] = useState<Guardian>()
  const asked = useQuery({
    queryKey: ['asked', language()],
    queryFn: () => told(client.GET('/v1/sign-in/consents')),
  })
  const enrol = useMutation({
    mutationFn: (body: EnrolmentIn) => told(client.POST('/v1/enrolments', { body })),
    onSuccess: (answer) => (answer.status === 'admitted' ? onEntered() : onHeld()),
    onError: (error) => {
      if (isProblem(error) && error.code === 'address_unproven') onUnproven()
    },
  })
  if (asked.isPending) return <Skeleton lines={6} />
  if (asked.isError) return <Refusal problem={asked.error} retry={() => void asked.refetch()} />
  const { items, guarded_until: guardedUntil } = asked.data
  const isGuarded = isYounger(birthday, guardedUntil) || isGuardianNeeded(enrol.error)
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const isUnfinished = items.some((one) => one.required && !answers[one.purpose])
    setUnsaid(isUnfinished)
    if (isUnfinished) return
    enrol.mutate(
      sent({
        ticket,
        consents: answersOf(items, answers, address),
        profile: sent({ name: name.trim() || null, birthday: birthday || null }),
        device: deviceToken(),
        language: localeOf(language()),
        guardian: isGuarded ? guardian : undefined,
      }),
    )
  }
  return (
    <form className="form" onSubmit={submit} noValidate>
      <Field label={t('name')} hint={t('optional')}>
        <input
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="name"
          maxLength={100}
        />
      </Field>
      <Field label={t('birthday')} hint={t('birthdayHint')}>
        <input
          type="date"
          value={birthday}
          onChange={(event) => setBirthday(event.target.value)}
          autoComplete="bday"
        />
      </Field>
      {isGuarded ? (
        <GuardianPart age={guardedUntil} guardian={guardian} onGuardian={setGuardian} />
      ) : null}
      <Asked items={items} answers={answers} onAnswers={setAnswers} />
      {isUnsaid ? (
        <p className="wrong" role="alert">
          {t('termsNeeded')}
        </p>
      ) : null}
      <Refusal problem={enrol.error} />
      <button type="submit" className="button wide" disabled={enrol.isPending}>
        {t('join')}
      </button>
    </form>
  )
}

function isGuardianNeeded(thrown: unknown): boolean {
  return isProblem(thrown) && thrown.code === 'guardian_needed'
}

/** Whether somebody born on this day has not reached this age yet. */
function isYounger(birthday: string, age: number): boolean {
  if (!birthday) return false
  const then = new Date(birthday)
  then.setFullYear(then.getFullYear() + age)
  return then > new Date()
}
