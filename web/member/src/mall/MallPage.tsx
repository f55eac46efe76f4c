/** Everything that is offered, and the sales that are on or to come. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'

import './mall.css'
import { useHome } from '../shell/home'
import { Empty, Field, PageHead, Refusal, Skeleton } from '../shell/parts'
import { useCategories, useRewards, useSales, type Search, type Sort } from './asking'
import { RewardCard } from './RewardCard'
import { SaleRow } from './SaleRow'

const SORTS: Sort[] = ['rank', 'points', '-points', 'newest']

export default function MallPage() {
  const { t } = useTranslation('mall')
  const search = useSearch()
  const found = useRewards(search)
  const rewards = found.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <PageHead title={t('title')} />
      <Sales />
      <Filters />
      {found.isPending ? <Skeleton lines={8} /> : null}
      <Refusal problem={found.error} retry={() => void found.refetch()} />
      {found.isSuccess && !rewards.length ? (
        <Empty text={t('nothing')}>
          <Link className="button" to="/rules">
            {t('toRules')}
          </Link>
        </Empty>
      ) : null}
      <ul className="rewards">
        {rewards.map((reward) => (
          <RewardCard key={reward.reward} reward={reward} />
        ))}
      </ul>
      {found.hasNextPage ? (
        <button
          type="button"
          className="button second wide"
          disabled={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t('more')}
        </button>
      ) : null}
      <Link className="button second" to="/mall/redemptions">
        {t('mine.title')}
      </Link>
    </>
  )
}

function Sales() {
  const { t } = useTranslation('mall')
  const sales = useSales()
  if (!sales.data?.items.length) return null
  return (
    <section className="panel" aria-label={t('sale.title')}>
      {sales.data.items.map((sale) => (
        <SaleRow key={sale.sale} sale={sale} />
      ))}
    </section>
  )
}

function useSearch(): Search {
  const [params] = useSearchParams()
  const has = useMost()
  const sort = params.get('sort') as Sort | null
  return {
    category: params.get('category') ?? undefined,
    q: params.get('q') ?? undefined,
    mostPoints: params.get('affordable') ? has : undefined,
    sort: sort && SORTS.includes(sort) ? sort : 'rank',
  }
}

/** The most that the member has of any currency. */
function useMost(): number | undefined {
  const balances = useHome().data?.balances
  return balances && Math.max(0, ...balances.map((one) => one.available))
}

function Filters() {
  const { t } = useTranslation('mall')
  const [params, setParams] = useSearchParams()
  const categories = useCategories().data?.items ?? []
  const [text, setText] = useState(params.get('q') ?? '')
  const write = (name: string, value: string) => {
    // Of the address as it is now: the page may not have been drawn again since the last filter.
    const after = new URLSearchParams(window.location.search)
    if (value === (after.get(name) ?? '')) return
    if (value) after.set(name, value)
    else after.delete(name)
    setParams(after, { replace: true })
  }
  return (
    <form
      className="filters"
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        write('q', text.trim())
      }}
    >
      <Field label={t('search')}>
        <input
          type="search"
          enterKeyHint="search"
          maxLength={60}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onBlur={() => write('q', text.trim())}
        />
      </Field>
      <Field label={t('category')}>
        <select
          value={params.get('category') ?? ''}
          onChange={(event) => write('category', event.target.value)}
        >
          <option value="">{t('all')}</option>
          {categories.map((one) => (
            <option key={one.category} value={one.category}>
              {one.category}
            </option>
          ))}
        </select>
      </Field>
      <Field label={t('sort')}>
        <select
          value={params.get('sort') ?? 'rank'}
          onChange={(event) => write('sort', event.target.value)}
        >
          {SORTS.map((one) => (
            <option key={one} value={one}>
              {t(`sorts.${one}`)}
            </option>
          ))}
        </select>
      </Field>
      <label className="switch">
        <span>{t('affordable')}</span>
        <input
          type="checkbox"
          role="switch"
          checked={params.has('affordable')}
          onChange={(event) => write('affordable', event.target.checked ? '1' : '')}
        />
      </label>
    </form>
  )
}
