/** The pictures of a reward: sent, shown, taken away. */
import { DeleteOutlined, UploadOutlined } from '@ant-design/icons'
import { client, told } from '@regulars/shared/api/client'
import { language } from '@regulars/shared/languages'
import { useMutation } from '@tanstack/react-query'
import { Button, Card, Flex, Image, Typography, Upload } from 'antd'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import type { Reward } from './money'

const MOST = 6
const TYPES = ['image/png', 'image/jpeg', 'image/webp']

export function PicturesCard({ reward, onChanged }: { reward: Reward; onChanged: () => void }) {
  const { t } = useTranslation('mall')
  const may = useMay()
  const send = useMutation({
    mutationFn: (file: File) => sent(reward.reward, reward.pictures.length, file),
    onSuccess: onChanged,
  })
  const drop = useMutation({
    mutationFn: () =>
      told(
        client.DELETE('/v1/rewards/{reward}/pictures/{place}', {
          params: { path: { reward: reward.reward, place: reward.pictures.length - 1 } },
        }),
      ),
    onSuccess: onChanged,
  })
  return (
    <Card title={t('pictures')}>
      <Flex gap="middle" wrap align="center">
        {reward.pictures.map((src, place) => (
          <Image
            key={src}
            src={src}
            width={96}
            height={96}
            style={{ objectFit: 'cover' }}
            alt={t('picture', { number: place + 1 })}
          />
        ))}
        {may('offers:write') && reward.pictures.length < MOST && (
          <Upload
            accept={TYPES.join(',')}
            showUploadList={false}
            beforeUpload={(file) => {
              send.mutate(file)
              return false
            }}
          >
            <Button icon={<UploadOutlined />} loading={send.isPending}>
              {t('pictureAdd')}
            </Button>
          </Upload>
        )}
        {may('offers:write') && reward.pictures.length > 0 && (
          <Button
            type="text"
            icon={<DeleteOutlined />}
            loading={drop.isPending}
            onClick={() => drop.mutate()}
          >
            {t('pictureRemove')}
          </Button>
        )}
      </Flex>
      <Typography.Text type="secondary">{t('pictureHint')}</Typography.Text>
      <ProblemAlert problem={send.error ?? drop.error} />
    </Card>
  )
}

/** The body is the file itself, which the typed calls cannot say. */
async function sent(reward: string, place: number, file: File): Promise<void> {
  const answer = await fetch(`/v1/rewards/${reward}/pictures/${place}`, {
    method: 'PUT',
    headers: {
      'Content-Type': file.type,
      'Accept-Language': language() === 'zh' ? 'zh-CN' : 'en',
    },
    body: file,
  })
  if (!answer.ok) throw (await answer.json()) as Error
}
