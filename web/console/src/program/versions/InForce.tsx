/** The version in force: what it promises, in words. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { problemOf } from '@regulars/shared/problems'
import { Card, Col, Flex, Row, Skeleton, Typography } from 'antd'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../../shell/Nothing'
import { ProblemAlert } from '../../shell/ProblemAlert'
import { useMay } from '../../shell/session'
import { NewDraft } from '../drafts/NewDraft'
import { FormContext, type Form } from '../forms/context'
import { parse } from '../writing/tree'
import { CurrencyCards, TierCards } from './Cards'

export function InForce() {
  const { t } = useTranslation('program')
  const formats = useFormats()
  const may = useMay()
  const found = api.useQuery('get', '/v1/programs/current', {})
  if (found.error && problemOf(found.error).code === 'no_program_in_force')
    return <Nothing text={t('page.noProgram')} action={may('program:draft') && <NewDraft />} />
  if (found.error)
    return <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <Skeleton active paragraph={{ rows: 10 }} />
  const { version, in_force_from, name, time_zone, money, rules, document } = found.data
  return (
    <Reading document={document}>
      <Flex vertical gap="middle">
        <Card size="small">
          <Flex gap="large" wrap>
            <Typography.Text strong>{name}</Typography.Text>
            <span>{t('versions.one', { version })}</span>
            <span>{t('versions.since', { when: formats.moment(in_force_from, time_zone) })}</span>
            <span>
              {t('page.zone', { zone: time_zone })} · {money}
            </span>
          </Flex>
        </Card>
        <TierCards />
        <Row gutter={[16, 16]}>
          <Col xs={24} xl={14}>
            <Card size="small" title={t('page.rules', { count: rules.length })}>
              <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
                {rules.map((rule) => (
                  <li key={rule.rule} style={{ padding: '6px 0' }}>
                    <Typography.Text strong>{rule.name}</Typography.Text>
                    <br />
                    {rule.says}
                  </li>
                ))}
              </ul>
            </Card>
          </Col>
          <Col xs={24} xl={10}>
            <Flex vertical gap="middle">
              <CurrencyCards />
            </Flex>
          </Col>
        </Row>
      </Flex>
    </Reading>
  )
}

/** The values of a published document, as the forms know them. */
export function Reading({ document, children }: { document: string; children: ReactNode }) {
  const form = useMemo<Form>(
    () => ({
      root: {},
      value: (parse(document).value ?? {}) as Record<string, unknown>,
      isReadOnly: true,
      findings: [],
      fields: null,
      edit: () => undefined,
      reveal: () => undefined,
    }),
    [document],
  )
  return <FormContext value={form}>{children}</FormContext>
}
