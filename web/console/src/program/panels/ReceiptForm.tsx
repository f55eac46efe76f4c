/** A receipt to try: what was bought, where, when. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { AutoComplete, Button, Flex, Input, InputNumber, Select } from 'antd'
import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { useForm, useOptions } from '../forms/context'
import { Grid } from '../forms/RecordFields'
import type { Rule } from '../forms/rules/summary'
import { EMPTY_LINE, type Line, type Receipt } from './receipts'

interface Props {
  receipt: Receipt
  onChange: (next: Receipt) => void
  zone: string
  money: string
}

export function ReceiptForm({ receipt, onChange, zone, money }: Props) {
  const { t } = useTranslation('program')
  const types = useOptions()(['type'], {}) ?? []
  const set = (next: Partial<Receipt>) => onChange({ ...receipt, ...next })
  const setLine = (at: number, next: Partial<Line>) =>
    set({ lines: receipt.lines.map((line, n) => (n === at ? { ...line, ...next } : line)) })
  return (
    <Flex vertical gap="middle">
      <Grid>
        <Named label={t('try.type')}>
          {(id) => (
            <Select
              id={id}
              style={{ width: '100%' }}
              value={receipt.type}
              options={types}
              onChange={(type) => set({ type })}
            />
          )}
        </Named>
        <Named label={t('try.time', { zone })}>
          {(id) => (
            <Input
              id={id}
              type="datetime-local"
              value={receipt.time}
              onChange={(event) => set({ time: event.target.value })}
            />
          )}
        </Named>
        {receipt.type === 'purchase' && (
          <>
            <Text
              label={t('try.store')}
              value={receipt.store}
              onChange={(store) => set({ store })}
            />
            <Text
              label={t('try.channel')}
              value={receipt.channel}
              onChange={(channel) => set({ channel })}
            />
            <Text
              label={t('try.payment')}
              value={receipt.payment}
              onChange={(payment) => set({ payment })}
            />
            {!receipt.lines.length && (
              <Named label={t('try.total', { money })}>
                {(id) => (
                  <InputNumber
                    id={id}
                    style={{ width: '100%' }}
                    min={0}
                    value={receipt.total}
                    onChange={(total) => set({ total: total ?? 0 })}
                  />
                )}
              </Named>
            )}
          </>
        )}
      </Grid>
      {receipt.type === 'purchase' ? (
        <>
          {receipt.lines.map((line, at) => (
            <OneLine
              key={at}
              line={line}
              number={at + 1}
              money={money}
              onChange={(next) => setLine(at, next)}
              onRemove={() => set({ lines: receipt.lines.filter((_, n) => n !== at) })}
            />
          ))}
          <div>
            <Button
              size="small"
              icon={<PlusOutlined />}
              onClick={() => set({ lines: [...receipt.lines, EMPTY_LINE] })}
            >
              {t('try.addLine')}
            </Button>
          </div>
        </>
      ) : (
        <span>{t('try.dataInRaw')}</span>
      )}
    </Flex>
  )
}

interface LineProps {
  line: Line
  number: number
  money: string
  onChange: (next: Partial<Line>) => void
  onRemove: () => void
}

function OneLine({ line, number, money, onChange, onRemove }: LineProps) {
  const { t } = useTranslation('program')
  const known = useKnownWords()
  return (
    <Flex gap={6} wrap align="end" role="group" aria-label={t('try.line', { number })}>
      <Chosen
        label={t('try.category')}
        value={line.category}
        options={known.categories}
        onChange={(category) => onChange({ category })}
      />
      <Chosen
        label={t('try.brand')}
        value={line.brand}
        options={known.brands}
        onChange={(brand) => onChange({ brand })}
      />
      <Chosen
        label={t('try.sku')}
        value={line.sku}
        options={known.skus}
        onChange={(sku) => onChange({ sku })}
      />
      <Named label={t('try.quantity')}>
        {(id) => (
          <InputNumber
            id={id}
            style={{ width: 70 }}
            min={1}
            precision={0}
            value={line.quantity}
            onChange={(quantity) => onChange({ quantity: quantity ?? 1 })}
          />
        )}
      </Named>
      <Named label={t('try.amount', { money })}>
        {(id) => (
          <InputNumber
            id={id}
            style={{ width: 110 }}
            min={0}
            value={line.amount}
            onChange={(amount) => onChange({ amount: amount ?? 0 })}
          />
        )}
      </Named>
      <Button
        type="text"
        icon={<DeleteOutlined />}
        aria-label={t('try.removeLine', { number })}
        onClick={onRemove}
      />
    </Flex>
  )
}

/** What rules already speak about is offered. */
function useKnownWords(): { categories: string[]; brands: string[]; skus: string[] } {
  const { value } = useForm()
  const rules = Array.isArray(value.rules) ? (value.rules as Rule[]) : []
  const all = (name: string) => {
    const words = rules.flatMap(({ lines }) => [
      ...[lines?.[name] ?? []].flat(),
      ...[(lines?.except as Record<string, unknown> | undefined)?.[name] ?? []].flat(),
    ])
    return [...new Set(words.map(String))].sort()
  }
  return { categories: all('categories'), brands: all('brands'), skus: all('skus') }
}

interface ChosenProps {
  label: string
  value: string
  options: string[]
  onChange: (next: string) => void
}

function Chosen({ label, value, options, onChange }: ChosenProps) {
  return (
    <Named label={label}>
      {(id) => (
        <AutoComplete
          id={id}
          style={{ width: 130 }}
          value={value}
          options={options
            .filter((one) => one.toLowerCase().includes(value.toLowerCase()))
            .map((one) => ({ value: one }))}
          onChange={(next: string) => onChange(next)}
        />
      )}
    </Named>
  )
}

function Text({ label, value, onChange }: Omit<ChosenProps, 'options'>) {
  return (
    <Named label={label}>
      {(id) => <Input id={id} value={value} onChange={(event) => onChange(event.target.value)} />}
    </Named>
  )
}

export function Named({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} style={{ display: 'block', marginBottom: 4 }}>
        {label}
      </label>
      {children(id)}
    </div>
  )
}
