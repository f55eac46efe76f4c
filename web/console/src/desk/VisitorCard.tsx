/** Whoever stands at the counter: what they may use, and one click to use it. */
import { client, deedKey, told, type Schemas } from '@regulars/shared/api/client'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Card, Flex, List, Result, Tag, Typography } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { LeftTag, useWhyText, type Held } from '../benefits/MemberBenefits'
import { ProblemAlert } from '../shell/ProblemAlert'

type Look = Schemas['LookAnswer']

interface Props {
  look: Look
  /** What was scanned. */
  code: string
  onAgain: (text: string) => void
}

export function VisitorCard({ look, code, onAgain }: Props) {
  const { t } = useTranslation('desk')
  const [done, setDone] = useState<Schemas['BenefitUseAnswer']>()
  const key = useRef(deedKey())
  const use = useMutation({
    mutationFn: (body: Partial<Schemas['DeskUseIn']>) =>
      told(
        client.POST('/v1/desk/benefit-uses', {
          params: { header: { 'idempotency-key': key.current } },
          body: { ...NOTHING, ...body },
        }),
      ),
    onSuccess: setDone,
    // What was refused is asked again as another deed.
    onError: () => {
      key.current = deedKey()
    },
  })
  const member = look.held?.member ?? ''
  if (done)
    return (
      <Result
        status="success"
        title={t('used', { name: done.name })}
        subTitle={done.left === null ? undefined : t('usedLeft', { count: done.left })}
        extra={
          <Button onClick={() => onAgain(look.card ? `card:${look.card}` : member)}>
            {t('more')}
          </Button>
        }
      />
    )
  return (
    <Card
      title={
        <Flex gap="small" wrap align="center">
          <Typography.Text strong>{look.card ?? member}</Typography.Text>
          {look.status === 'frozen' && <Tag>{t('frozen')}</Tag>}
          <Link to={`/members/${member}?tab=benefits`}>{t('member')}</Link>
        </Flex>
      }
    >
      <Flex vertical gap="middle">
        {look.kind === 'benefit_code' && (
          <CodePart look={look} isBusy={use.isPending} onUse={() => use.mutate({ code })} />
        )}
        <ProblemAlert problem={use.error} />
        <HeldList
          items={look.held?.items ?? []}
          isBusy={use.isPending}
          onUse={(one) => use.mutate({ member, benefit: one.benefit, grant: one.grant })}
        />
      </Flex>
    </Card>
  )
}

const NOTHING: Schemas['DeskUseIn'] = {
  code: null,
  member: null,
  benefit: null,
  grant: null,
  store: '',
  reference: '',
}

interface CodeProps {
  look: Look
  isBusy: boolean
  onUse: () => void
}

/** The code that was shown: what it is for, and whether it still holds. */
function CodePart({ look, isBusy, onUse }: CodeProps) {
  const { t } = useTranslation('desk')
  const name =
    look.held?.items.find((one) => one.benefit === look.benefit)?.name ?? look.benefit ?? ''
  if (look.code_state !== 'open')
    return <Alert type="error" showIcon title={t(`code.${look.code_state ?? 'over'}`)} />
  return (
    <Alert
      type="success"
      showIcon
      title={t('code.open', { name })}
      action={
        <Button type="primary" size="large" loading={isBusy} onClick={onUse} autoFocus>
          {t('useCode')}
        </Button>
      }
    />
  )
}

interface ListProps {
  items: readonly Held[]
  isBusy: boolean
  onUse: (held: Held) => void
}

function HeldList({ items, isBusy, onUse }: ListProps) {
  const { t } = useTranslation('desk')
  const why = useWhyText()
  return (
    <List
      dataSource={[...items]}
      locale={{ emptyText: t('nothing') }}
      renderItem={(one) => (
        <List.Item
          actions={[
            <Button
              key="use"
              autoInsertSpace={false}
              disabled={one.why_not !== '' || isBusy}
              aria-label={t('useOne', { name: one.name })}
              onClick={() => onUse(one)}
            >
              {t('use')}
            </Button>,
          ]}
        >
          <List.Item.Meta
            title={
              <Flex gap="small" wrap align="center">
                {one.name}
                <LeftTag held={one} />
              </Flex>
            }
            description={why(one)}
          />
        </List.Item>
      )}
    />
  )
}
