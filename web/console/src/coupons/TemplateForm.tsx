/** What a coupon gives and on which terms; beside it, what members will read. */
import { client, told } from '@regulars/shared/api/client'
import { useMutation } from '@tanstack/react-query'
import { App, Button, Col, Collapse, Form, Input, Row } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { useProgram } from '../ledger/zones'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { GiveFields } from './GiveFields'
import { LimitFields, RestFields, ScopeFields, TimeFields } from './TermFields'
import { Preview } from './Preview'
import { FRESH, kept, termsOf, valuesOf, type Template, type TermsValues } from './terms'

export function TemplateForm({ template, onSaved }: { template?: Template; onSaved?: () => void }) {
  const { t } = useTranslation('coupons')
  const { message } = App.useApp()
  const navigate = useNavigate()
  const may = useMay()
  const program = useProgram()
  const [form] = Form.useForm<TermsValues>()
  const money = program?.money ?? ''
  const bodyOf = (values: TermsValues) => {
    const terms = termsOf(values, money)
    const name: Record<string, string> = { en: values.en.trim() }
    if (values.zh?.trim()) name['zh-CN'] = values.zh.trim()
    return {
      name,
      terms: template ? kept(template.terms, terms) : terms,
      prefix: (values.prefix ?? '').trim().toUpperCase(),
      public_code: values.word?.trim().toUpperCase() || null,
    }
  }
  const save = useMutation({
    mutationFn: (values: TermsValues) =>
      template
        ? told(
            client.PUT('/v1/coupon-templates/{template}', {
              params: {
                path: { template: template.template },
                header: { 'if-match': `"${template.revision}"` },
              },
              body: bodyOf(values),
            }),
          )
        : told(
            client.POST('/v1/coupon-templates', { body: { code: values.code, ...bodyOf(values) } }),
          ),
    onSuccess: (made) => {
      void message.success(t('saved'))
      if (template) onSaved?.()
      else void navigate(`/coupons/${made.template}`, { replace: true })
    },
  })
  if (!program) return null
  const isShut = !may('offers:write') || template?.state === 'ended'
  const needed = [{ required: true, whitespace: true, message: t('needed') }]
  return (
    <Form<TermsValues>
      form={form}
      layout="vertical"
      disabled={isShut}
      initialValues={template ? valuesOf(template) : FRESH}
      onFinish={(values) => save.mutate({ ...form.getFieldsValue(true), ...values } as TermsValues)}
    >
      <Row gutter={24}>
        <Col xs={24} lg={15}>
          <Row gutter={12}>
            <Col xs={24} sm={8}>
              <Form.Item
                name="code"
                label={t('code')}
                extra={t('codeHint')}
                rules={[
                  ...needed,
                  { pattern: /^[a-z][a-z0-9_-]{0,59}$/, message: t('codePattern') },
                ]}
              >
                <Input disabled={template !== undefined} maxLength={60} spellCheck={false} />
              </Form.Item>
            </Col>
            <Col xs={24} sm={8}>
              <Form.Item name="en" label={t('nameEn')} rules={needed}>
                <Input maxLength={100} />
              </Form.Item>
            </Col>
            <Col xs={24} sm={8}>
              <Form.Item name="zh" label={t('nameZh')}>
                <Input maxLength={100} />
              </Form.Item>
            </Col>
          </Row>
          <GiveFields money={money} />
          <TimeFields />
          <LimitFields isDraft={!template || template.state === 'draft'} />
          <Collapse
            ghost
            items={[
              {
                key: 'scope',
                label: t('section.scope'),
                forceRender: true,
                children: <ScopeFields tiers={program.tiers} names={program.names} />,
              },
              {
                key: 'rest',
                label: t('section.rest'),
                forceRender: true,
                children: <RestFields />,
              },
            ]}
          />
          <ProblemAlert problem={save.error} />
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t('shared:save')}
          </Button>
        </Col>
        <Col xs={24} lg={9}>
          <Preview form={form} termsOf={(values) => termsOf(values, money)} />
        </Col>
      </Row>
    </Form>
  )
}
