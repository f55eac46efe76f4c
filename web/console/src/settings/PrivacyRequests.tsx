/** A member who asks about their data: found, then exported, restricted or erased. */
import { api, client, told } from '@regulars/shared/api/client'
import { useMutation } from '@tanstack/react-query'
import { Button, Card, Descriptions, Flex, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { PrivacyDeeds, type Found } from './PrivacyDeeds'
import { Nothing } from '../shell/Nothing'
import { ProblemAlert } from '../shell/ProblemAlert'

interface Asked {
  by: 'phone' | 'email' | 'ref'
  text: string
}

export function PrivacyRequests() {
  const { t } = useTranslation('settings')
  const [form] = Form.useForm<Asked>()
  const [found, setFound] = useState<Found | null>()
  const find = useMutation({ mutationFn: lookUp, onSuccess: setFound })
  return (
    <Flex vertical gap="middle" style={{ maxWidth: 880 }}>
      <Card>
        <Form
          form={form}
          layout="inline"
          initialValues={{ by: 'phone' }}
          onFinish={(asked) => find.mutate(asked)}
        >
          <Form.Item name="by" label={t('privacy.by')}>
            <Select
              style={{ width: 170 }}
              options={(['phone', 'email', 'ref'] as const).map((value) => ({
                value,
                label: t(`privacy.ways.${value}`),
              }))}
            />
          </Form.Item>
          <Form.Item name="text" rules={[{ required: true, whitespace: true, message: '' }]}>
            <Input aria-label={t('privacy.text')} style={{ width: 240 }} autoComplete="off" />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={find.isPending}>
            {t('shared:search')}
          </Button>
        </Form>
      </Card>
      <ProblemAlert problem={find.error} />
      {found === null && <Nothing text={t('privacy.nobody')} />}
      {found && <FoundCard key={found.member} found={found} />}
    </Flex>
  )
}

/** The member, or null where there is none with this phone or address. */
async function lookUp({ by, text }: Asked): Promise<Found | null> {
  if (by === 'ref')
    return told(client.GET('/v1/members/{ref}/profile', { params: { path: { ref: text.trim() } } }))
  const answer = await told(
    client.POST('/v1/members:find', { body: { phone: null, email: null, [by]: text } }),
  )
  return answer.found
}

function FoundCard({ found }: { found: Found }) {
  const { t } = useTranslation('settings')
  const path = { ref: found.member }
  const now = api.useQuery('get', '/v1/members/{ref}/profile', { params: { path } })
  const shown = now.data ?? found
  const [isErased, setErased] = useState(false)
  return (
    <Card
      title={<Link to={`/members/${found.member}`}>{found.member}</Link>}
      extra={shown.restricted_at && t('privacy.isRestricted')}
    >
      <Flex vertical gap="middle">
        <Descriptions
          size="small"
          column={1}
          items={Object.entries(shown.profile).map(([name, value]) => ({
            key: name,
            label: t(`profile.${name}`, { defaultValue: name }),
            children: value,
          }))}
        />
        {isErased ? (
          t('privacy.isErased')
        ) : (
          <PrivacyDeeds
            found={shown}
            onChanged={() => void now.refetch()}
            onErased={() => setErased(true)}
          />
        )}
      </Flex>
    </Card>
  )
}
