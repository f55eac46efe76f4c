/** What members will read, in both languages, while the terms are being written. */
import { client, told } from '@regulars/shared/api/client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Card, Flex, Form, Typography, type FormInstance } from 'antd'
import { useDeferredValue } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'
import type { Terms, TermsValues } from './terms'

interface Props {
  form: FormInstance<TermsValues>
  termsOf: (values: TermsValues) => Terms
}

const LANGUAGES = ['en', 'zh-CN'] as const

export function Preview({ form, termsOf }: Props) {
  const { t } = useTranslation('coupons')
  const values = Form.useWatch((all: TermsValues) => all, { form, preserve: true }) as
    TermsValues | undefined
  const terms = useDeferredValue(values ? termsOf(values) : undefined)
  const isWhole =
    terms !== undefined &&
    (terms.give !== 'amount' || Boolean(terms.amount)) &&
    (terms.give !== 'percentage' || terms.percent !== '0') &&
    (terms.give !== 'gift' || terms.gift !== '')
  const found = useQuery({
    queryKey: ['coupon-words', terms],
    queryFn: () =>
      told(client.POST('/v1/coupon-templates:preview', { body: { terms: terms as Terms } })),
    enabled: isWhole,
    placeholderData: keepPreviousData,
    retry: false,
  })
  return (
    <Card size="small" title={t('preview')}>
      {!isWhole && <Typography.Text type="secondary">{t('previewWaits')}</Typography.Text>}
      {isWhole && <ProblemAlert problem={found.error} />}
      <Flex vertical gap="middle" aria-live="polite">
        {isWhole &&
          LANGUAGES.map((lang) => {
            const words = found.data?.words[lang]
            return words ? (
              <div key={lang} lang={lang}>
                <Typography.Title level={4} style={{ marginTop: 0 }}>
                  {words.worth}
                </Typography.Title>
                <ul style={{ paddingLeft: 18, margin: 0 }}>
                  {words.conditions.map((one) => (
                    <li key={one}>{one}</li>
                  ))}
                </ul>
              </div>
            ) : null
          })}
      </Flex>
    </Card>
  )
}
