/** When a member is in which stage of life. */
import { PlusOutlined } from '@ant-design/icons'
import { Button, Card, Flex, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../../../shell/Nothing'
import { useForm, useValue } from '../context'
import { RecordFields } from '../RecordFields'
import { resolved } from '../schema'

const BEGINNING = { at_risk: 'P60D', lapsed: 'P180D', won_back: 'P90D' }

export function LifecycleSection() {
  const { t } = useTranslation('program')
  const { root, edit, isReadOnly } = useForm()
  const kept = useValue(['lifecycle'])
  const schema = resolved(root, root.properties?.lifecycle ?? {})
  if (kept === undefined)
    return (
      <Nothing
        text={t('lifecycle.none')}
        action={
          !isReadOnly && (
            <Button
              type="primary"
              icon={<PlusOutlined />}
              onClick={() => edit((tree) => tree.set(['lifecycle'], BEGINNING))}
            >
              {t('lifecycle.begin')}
            </Button>
          )
        }
      />
    )
  return (
    <Flex vertical gap="middle">
      <Typography.Text type="secondary">{t('lifecycle.about')}</Typography.Text>
      <Card size="small">
        <RecordFields path={['lifecycle']} schema={schema} always={Object.keys(BEGINNING)} />
      </Card>
    </Flex>
  )
}
