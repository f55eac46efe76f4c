/** The door: one types a phone number or an e-mail address, sends a code back, and is in. */
import type { Schemas } from '@regulars/shared/api/client'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'

import { useBrand } from '../shell/brand'
import { Notice } from '../shell/parts'
import type { Address } from './address'
import { AddressStep } from './AddressStep'
import { CodeStep } from './CodeStep'
import { EnrolStep } from './EnrolStep'
import { HeldStep } from './HeldStep'
import { goOn, nextOf } from './next'

type Answer = Schemas['SignInAnswer']

type Step =
  | { name: 'address' }
  | { name: 'code'; address: Address }
  | { name: 'enrol'; ticket?: string; address?: Address }
  | { name: 'held'; ticket?: string }

export default function SignInPage() {
  const { t } = useTranslation('door')
  const { search } = useLocation()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const brand = useBrand()
  // What a third party's page has led to, when one comes back from there.
  const arrived = new URLSearchParams(search).get('sign_in')
  const [step, setStep] = useState<Step>(
    arrived === 'enrol' ? { name: 'enrol' } : { name: 'address' },
  )
  const [joins, setJoins] = useState(false)

  const enter = () => {
    queries.clear()
    goOn(nextOf(search), navigate)
  }
  const proven = (answer: Answer, address: Address) => {
    const ticket = answer.ticket ?? undefined
    if (answer.status === 'signed_in') enter()
    else if (answer.status === 'held') setStep({ name: 'held', ticket })
    else setStep({ name: 'enrol', ticket, address })
  }
  const proveFirst = () => {
    setJoins(true)
    setStep({ name: 'address' })
  }
  if (arrived === 'done') return <Arrived onReady={enter} />
  return (
    <div className="door">
      <h1>{step.name === 'enrol' ? t('joinTitle', { brand }) : t('title', { brand })}</h1>
      {arrived === 'refused' ? (
        <Notice tone="bad">
          <p>{t('providerRefused')}</p>
        </Notice>
      ) : null}
      {joins ? (
        <Notice>
          <p>{t('joins')}</p>
        </Notice>
      ) : null}
      {step.name === 'address' ? (
        <AddressStep
          isAlone={joins}
          onSent={(address) => setStep({ name: 'code', address })}
          onEntered={enter}
        />
      ) : null}
      {step.name === 'code' ? (
        <CodeStep
          address={step.address}
          joins={joins}
          onProven={(answer) => proven(answer, step.address)}
          onBack={() => setStep({ name: 'address' })}
        />
      ) : null}
      {step.name === 'enrol' ? (
        <EnrolStep
          ticket={step.ticket}
          address={step.address}
          onEntered={enter}
          onHeld={() => setStep({ name: 'held', ticket: step.ticket })}
          onUnproven={proveFirst}
        />
      ) : null}
      {step.name === 'held' ? (
        <HeldStep ticket={step.ticket} onAdmitted={() => setStep({ name: 'address' })} />
      ) : null}
    </div>
  )
}

/** Signed in elsewhere: there is nothing left to ask. */
function Arrived({ onReady }: { onReady: () => void }) {
  const { t } = useTranslation('door')
  return (
    <div className="door">
      <h1>{t('arrived')}</h1>
      <button type="button" className="button wide" autoFocus onClick={onReady}>
        {t('goOn')}
      </button>
    </div>
  )
}
