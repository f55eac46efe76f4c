/** When, how often, on what and for whom; and what becomes of it beside. */
import { Col, DatePicker, Form, Input, InputNumber, Row, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

function Third({ children }: { children: ReactNode }) {
  return (
    <Col xs={24} sm={8}>
      {children}
    </Col>
  )
}

function Count({ name, isShut = false }: { name: string; isShut?: boolean }) {
  const { t } = useTranslation('coupons')
  return (
    <Third>
      <Form.Item name={name} label={t(`limit.${name}`)}>
        <InputNumber min={1} precision={0} disabled={isShut} style={{ width: '100%' }} />
      </Form.Item>
    </Third>
  )
}

function Moment({ name }: { name: string }) {
  const { t } = useTranslation('coupons')
  return (
    <Third>
      <Form.Item name={name} label={t(`time.${name}`)}>
        <DatePicker showTime={{ format: 'HH:mm' }} style={{ width: '100%' }} />
      </Form.Item>
    </Third>
  )
}

function Words({ name, options }: { name: string; options?: { value: string; label: string }[] }) {
  const { t } = useTranslation('coupons')
  return (
    <Third>
      <Form.Item name={name} label={t(`scope.${name}`)}>
        <Select mode={options ? 'multiple' : 'tags'} options={options} placeholder={t('all')} />
      </Form.Item>
    </Third>
  )
}

function Yes({ name }: { name: string }) {
  const { t } = useTranslation('coupons')
  return (
    <Third>
      <Form.Item name={name} label={t(`yes.${name}`)} valuePropName="checked">
        <Switch />
      </Form.Item>
    </Third>
  )
}

export function TimeFields() {
  return (
    <Row gutter={12}>
      <Moment name="validFrom" />
      <Moment name="validUntil" />
      <Count name="days" />
    </Row>
  )
}

export function LimitFields({ isDraft }: { isDraft: boolean }) {
  const isClaimable = Form.useWatch<boolean>('isClaimable')
  return (
    <>
      <Row gutter={12}>
        <Count name="uses" isShut={!isDraft} />
        <Count name="total" />
        <Count name="perMember" />
        <Yes name="isClaimable" />
        <Yes name="isGiftable" />
        <Yes name="isRestored" />
      </Row>
      {isClaimable && (
        <Row gutter={12}>
          <Moment name="opensAt" />
          <Moment name="closesAt" />
          <Count name="claimTotal" />
          <Count name="claimEach" />
        </Row>
      )}
    </>
  )
}

interface Known {
  tiers: string[]
  names: Record<string, string>
}

export function ScopeFields({ tiers, names }: Known) {
  const { t } = useTranslation('coupons')
  return (
    <Row gutter={12}>
      <Words name="categories" />
      <Words name="skus" />
      <Words name="brands" />
      <Words name="exceptCategories" />
      <Words
        name="tiers"
        options={tiers.map((one) => ({ value: one, label: names[one] ?? one }))}
      />
      <Words name="stages" />
      <Words name="tags" />
      <Words name="channels" />
      <Words name="stores" />
      <Col xs={24}>
        <Form.Item name="condition" label={t('scope.condition')} extra={t('conditionHint')}>
          <Input maxLength={4000} spellCheck={false} />
        </Form.Item>
      </Col>
    </Row>
  )
}

export function RestFields() {
  const { t } = useTranslation('coupons')
  return (
    <Row gutter={12}>
      <Third>
        <Form.Item name="prefix" label={t('prefix')} extra={t('prefixHint')}>
          <Input maxLength={8} spellCheck={false} />
        </Form.Item>
      </Third>
      <Third>
        <Form.Item name="word" label={t('word')} extra={t('wordHint')}>
          <Input maxLength={11} spellCheck={false} />
        </Form.Item>
      </Third>
      <Third>
        <Form.Item name="group" label={t('group')} extra={t('groupHint')}>
          <Input maxLength={60} />
        </Form.Item>
      </Third>
      <Third>
        <Form.Item name="priority" label={t('priority')}>
          <InputNumber min={-1000} max={1000} precision={0} style={{ width: '100%' }} />
        </Form.Item>
      </Third>
      <Yes name="isAutomatic" />
    </Row>
  )
}
