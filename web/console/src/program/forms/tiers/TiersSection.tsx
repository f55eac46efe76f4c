/** Tiers as a ladder to look at and to change, and how members rise and fall. */
import { Card, Flex, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { Button } from 'antd'
import { PlusOutlined } from '@ant-design/icons'
import { Nothing } from '../../../shell/Nothing'
import { useForm, useValue } from '../context'
import { Field } from '../Field'
import { RecordFields } from '../RecordFields'
import { resolved } from '../schema'
import { Ladder } from './Ladder'

const BEGINNING = {
  metrics: { spend_year: { spend: true, window: 'calendar_year' } },
  valid: { until_end_of: 'year', after: 'P12M' },
  ladder: [
    { id: 'member', name: { en: 'Member', 'zh-CN': '会员' } },
    { id: 'gold', name: { en: 'Gold', 'zh-CN': '金卡' }, entry: { spend_year: 100000 } },
  ],
}

export function TiersSection() {
  const { t } = useTranslation('program')
  const { root, edit, isReadOnly } = useForm()
  const kept = useValue(['tiers'])
  const schema = resolved(root, root.properties?.tiers ?? {})
  if (kept === undefined)
    return (
      <Nothing
        text={t('tiers.none')}
        action={
          !isReadOnly && (
            <Button
              type="primary"
              icon={<PlusOutlined />}
              onClick={() => edit((tree) => tree.set(['tiers'], BEGINNING))}
            >
              {t('tiers.begin')}
            </Button>
          )
        }
      />
    )
  return (
    <Flex vertical gap="middle">
      <Typography.Text type="secondary">{t('tiers.about')}</Typography.Text>
      <Ladder schema={resolved(root, schema.properties?.ladder ?? {}).items ?? {}} />
      <Card size="small" title={t('tiers.moves')}>
        <RecordFields
          path={['tiers']}
          schema={schema}
          only={['upgrade', 'valid', 'grace', 'step_down']}
        />
      </Card>
      <Card size="small">
        <Field path={['tiers', 'metrics']} schema={schema.properties?.metrics ?? {}} />
      </Card>
    </Flex>
  )
}
