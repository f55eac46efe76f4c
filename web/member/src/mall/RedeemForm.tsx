/** How it gets to the member, and the last word before points are spent. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Field } from '../shell/parts'
import type { Reward, Wanted } from './asking'

type Way = Reward['ways'][number]

interface Props {
  variant: string
  ways: Way[]
  places: Reward['places']
  /** What the button says. */
  deed: string
  note?: string
  isBusy: boolean
  isClosed?: boolean
  onWish: (wanted: Wanted) => void
}

const NOWHERE = { name: '', phone: '', address: '' }

export function RedeemForm(props: Props) {
  const { t } = useTranslation('mall')
  const { ways, places } = props
  const [way, setWay] = useState<Way>(ways[0] ?? 'none')
  const [place, setPlace] = useState(places[0]?.code ?? '')
  const [goes, setGoes] = useState(NOWHERE)
  const put = (name: keyof typeof NOWHERE) => (event: { target: { value: string } }) =>
    setGoes((before) => ({ ...before, [name]: event.target.value }))
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        props.onWish({
          variant: props.variant,
          quantity: 1,
          way,
          place: way === 'pick_up' ? place : '',
          delivery: way === 'address' ? goes : null,
        })
      }}
    >
      {ways.length > 1 ? (
        <fieldset className="asked">
          <legend>{t('way')}</legend>
          <div className="choices">
            {ways.map((one) => (
              <label className="choice" key={one}>
                <input type="radio" name="way" checked={one === way} onChange={() => setWay(one)} />
                {t(`ways.${one}`)}
              </label>
            ))}
          </div>
        </fieldset>
      ) : null}
      {way === 'pick_up' ? (
        <Field label={t('place')}>
          <select value={place} onChange={(event) => setPlace(event.target.value)}>
            {places.map((one) => (
              <option key={one.code} value={one.code}>
                {one.name}
              </option>
            ))}
          </select>
        </Field>
      ) : null}
      {way === 'address' ? (
        <>
          <Field label={t('name')}>
            <input
              required
              autoComplete="name"
              maxLength={100}
              value={goes.name}
              onChange={put('name')}
            />
          </Field>
          <Field label={t('phone')}>
            <input
              required
              type="tel"
              autoComplete="tel"
              minLength={3}
              maxLength={40}
              value={goes.phone}
              onChange={put('phone')}
            />
          </Field>
          <Field label={t('address')} hint={t('addressHint')}>
            <textarea
              required
              rows={2}
              autoComplete="street-address"
              minLength={5}
              maxLength={300}
              value={goes.address}
              onChange={put('address')}
            />
          </Field>
        </>
      ) : null}
      {props.note ? <p className="small">{props.note}</p> : null}
      <button
        type="submit"
        className="button wide"
        disabled={props.isBusy || (props.isClosed ?? false)}
      >
        {props.deed}
      </button>
    </form>
  )
}
