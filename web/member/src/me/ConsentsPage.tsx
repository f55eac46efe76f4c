/** What one has agreed to: taking back is as easy as giving. */
import { client, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { language } from '@regulars/shared/languages'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { BY_WAY, type AskedConsent } from '../door/consents'
import { PageHead, Panel, Refusal, Skeleton } from '../shell/parts'
import { told } from '../shell/told'

type Consents = Schemas['ConsentsAnswer']
type Channel = Schemas['OwnWordIn']['channel']

const KEY = ['consents']

export default function ConsentsPage() {
  const { t } = useTranslation('me')
  const asked = useQuery({
    queryKey: ['asked', language()],
    queryFn: () => told(client.GET('/v1/sign-in/consents')),
  })
  const said = useQuery({ queryKey: KEY, queryFn: () => told(client.GET('/v1/me/consents')) })
  const isReady = asked.data !== undefined && said.data !== undefined
  return (
    <>
      <PageHead title={t('consents.title')} back="/me" />
      <Refusal problem={asked.error ?? said.error} retry={() => void said.refetch()} />
      {isReady ? (
        <>
          <p>{t('consents.text')}</p>
          {asked.data.items.map((one) => (
            <Purpose key={one.purpose} asked={one} said={said.data} />
          ))}
        </>
      ) : asked.isError || said.isError ? null : (
        <Skeleton lines={8} />
      )}
    </>
  )
}

function Purpose({ asked, said }: { asked: AskedConsent; said: Consents }) {
  const { t } = useTranslation('me')
  const ways: Channel[] = BY_WAY[asked.purpose] ?? ['any']
  return (
    <Panel title={asked.words}>
      {asked.required ? <p className="small">{t('consents.needed')}</p> : null}
      {ways.map((way) => (
        <Way key={way} asked={asked} way={way} said={said} />
      ))}
    </Panel>
  )
}

interface WayProps {
  asked: AskedConsent
  way: Channel
  said: Consents
}

function Way({ asked, way, said }: WayProps) {
  const { t } = useTranslation('me')
  const { day } = useFormats()
  const queries = useQueryClient()
  const word = said.standing.find((one) => one.purpose === asked.purpose && one.channel === way)
  const change = useMutation({
    mutationFn: (granted: boolean) =>
      told(
        client.PUT('/v1/me/consents', {
          body: {
            consents: [
              {
                purpose: asked.purpose,
                channel: way,
                granted,
                text_version: asked.text_version,
              },
            ],
          },
        }),
      ),
    onSuccess: (answer) => queries.setQueryData(KEY, answer),
  })
  const label = way === 'any' ? t('consents.agree') : t(`consents.ways.${way}`)
  return (
    <>
      <label className="switch">
        <span>
          {label}
          {word ? (
            <small>
              {t(word.granted ? 'consents.yes' : 'consents.no', { day: day(word.said_at) })}
            </small>
          ) : null}
        </span>
        <input
          type="checkbox"
          role="switch"
          aria-label={`${asked.words}: ${label}`}
          checked={word?.granted ?? false}
          disabled={change.isPending || asked.required}
          onChange={(event) => change.mutate(event.target.checked)}
        />
      </label>
      <Refusal problem={change.error} />
    </>
  )
}
