/** Which column means what, beside what comes out of the first rows; then the import is started. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Alert, Button, Card, Col, Flex, Popconfirm, Row, Typography } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { MappingForm } from './MappingForm'
import { missing, type Mapping, type Sent } from './mapping'
import type { Opened } from './sending'
import { TriedPanel } from './TriedPanel'
import { ProblemAlert } from '../shell/ProblemAlert'
import { bytesOf } from '../shell/sizes'

interface Props {
  opened: Opened
  onStarted: () => void
}

export function MappingPanel({ opened, onStarted }: Props) {
  const { t } = useTranslation('imports')
  const formats = useFormats()
  const isTable = opened.columns.length > 0
  const [mapping, setMapping] = useState<Mapping>(
    () => (opened.mapping as Mapping | null) ?? { type: 'purchase', source: 'import', data: {} },
  )
  const shown = useDeferredValue(mapping)
  const wanted = isTable ? missing(mapping) : []
  const asked = { params: { path: { import_id: opened.file.id } } }
  const start = api.useMutation('post', '/v1/imports/{import_id}:start', { onSuccess: onStarted })
  const cancel = api.useMutation('post', '/v1/imports/{import_id}:cancel', {
    onSuccess: onStarted,
  })
  return (
    <Flex vertical gap="middle">
      {opened.currency === null && (
        <Alert
          type="warning"
          showIcon
          title={t('map.noProgram')}
          action={<Button href="/console/program">{t('map.toProgram')}</Button>}
        />
      )}
      {opened.file.corrects && <Alert type="info" showIcon title={t('map.corrects')} />}
      {opened.doubts.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t('map.doubts')}
          description={opened.doubts.map((one) => (
            <div key={one}>{t(`doubts.${one}`)}</div>
          ))}
        />
      )}
      {isTable && opened.doubts.length === 0 && !opened.file.corrects && opened.currency && (
        <Alert type="success" showIcon title={t('map.understood')} />
      )}
      <Row gutter={[16, 16]}>
        {isTable && (
          <Col xs={24} xl={10}>
            <Card title={t('map.title')}>
              <MappingForm opened={opened} mapping={mapping} onChange={setMapping} />
            </Card>
          </Col>
        )}
        <Col xs={24} xl={isTable ? 14 : 24}>
          <TriedPanel opened={opened} mapping={isTable ? shown : null} isWhole={!wanted.length} />
        </Col>
      </Row>
      <ProblemAlert problem={start.error ?? cancel.error} />
      <Flex gap="small" align="center" wrap>
        <Button
          type="primary"
          size="large"
          disabled={wanted.length > 0 || opened.currency === null}
          loading={start.isPending}
          onClick={() =>
            start.mutate({ ...asked, body: { mapping: isTable ? (mapping as Sent) : null } })
          }
        >
          {t('map.start', { bytes: bytesOf(opened.file.size_bytes, formats.count) })}
        </Button>
        <Popconfirm
          title={t('map.throwAway')}
          okText={t('shared:yes')}
          cancelText={t('shared:no')}
          onConfirm={() => cancel.mutate(asked)}
        >
          <Button size="large" loading={cancel.isPending}>
            {t('map.cancel')}
          </Button>
        </Popconfirm>
        <Typography.Text type="secondary">
          {wanted.length
            ? t('map.missing', { what: wanted.map((one) => t(`needed.${one}`)).join(t('comma')) })
            : t('map.safe')}
        </Typography.Text>
      </Flex>
    </Flex>
  )
}
