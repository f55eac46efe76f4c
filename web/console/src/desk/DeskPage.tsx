/** The counter: one field that a scanner types into, who stands there, and one click to use it. */
import { useMutation } from '@tanstack/react-query'
import { Button, Card, Flex, Input, Result, Skeleton, type InputRef } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { canScan, CameraScanner } from './CameraScanner'
import { CouponCard } from './CouponCard'
import { lookUp, type Seen } from './looking'
import { PickupCard } from './PickupCard'
import { VisitorCard } from './VisitorCard'

export function Component() {
  const { t } = useTranslation('desk')
  const field = useRef<InputRef>(null)
  const [text, setText] = useState('')
  const [isScanning, scan] = useState(false)
  const look = useMutation({ mutationFn: lookUp })
  const search = (what: string) => {
    const asked = what.trim()
    if (!asked) return
    setText('')
    look.mutate(asked)
    field.current?.focus()
  }
  return (
    <>
      <PageHead title={t('area')} sub={t('sub')} />
      <Flex vertical gap="middle" style={{ maxWidth: 900 }}>
        <Card>
          <Flex gap="small" wrap>
            <Input.Search
              ref={field}
              autoFocus
              size="large"
              style={{ flex: '1 1 260px' }}
              aria-label={t('field')}
              placeholder={t('hint')}
              enterButton={t('look')}
              value={text}
              loading={look.isPending}
              onChange={(event) => setText(event.target.value)}
              onSearch={search}
            />
            {canScan() && (
              <Button size="large" onClick={() => scan((was) => !was)}>
                {isScanning ? t('cameraOff') : t('camera')}
              </Button>
            )}
          </Flex>
          {isScanning && (
            <CameraScanner
              onCode={(found) => {
                scan(false)
                search(found)
              }}
            />
          )}
        </Card>
        <ProblemAlert problem={look.error} />
        {look.isPending && <Skeleton active />}
        {look.data && <Found key={look.submittedAt} seen={look.data} onAgain={search} />}
      </Flex>
    </>
  )
}

function Found({ seen, onAgain }: { seen: Seen; onAgain: (text: string) => void }) {
  const { t } = useTranslation('desk')
  if (seen.kind === 'member')
    return <VisitorCard look={seen.look} code={seen.text} onAgain={onAgain} />
  if (seen.kind === 'coupon') return <CouponCard coupon={seen.coupon} />
  if (seen.kind === 'pickup') return <PickupCard redemption={seen.redemption} />
  return <Result status="warning" title={t('unknown')} subTitle={t('unknownText')} />
}
