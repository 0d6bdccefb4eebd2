// pg-boss behind the protocol: node pg-boss.mjs URL BATCH. A batch of 1 is one job at a time.
//
// Jobs are taken by fetch() and complete() in a loop a worker: work() with a batch of 1 sleeps between two jobs. For
// the probe it is work() on a queue that notifies, as its documentation advises for low latency; the other queue
// does not, because notifying slows down enqueueing.
import { PgBoss } from 'pg-boss'
import { Probe, serve, together } from './protocol.mjs'

const [url, batch] = [process.argv[2], Number(process.argv[3])]
const PLAIN = 'plain'
const NOTIFYING = 'notifying'

async function withBoss(connections, work) {
  const boss = new PgBoss({
    connectionString: url,
    max: connections,
    supervise: false,
    schedule: false,
    useListenNotify: true
  })
  boss.on('error', (failed) => console.error(failed))
  await boss.start()
  try {
    const warm = boss.getDb()
    await Promise.all(Array.from({ length: connections }, () => warm.executeSql('select pg_sleep(0.05)')))
    return await work(boss)
  } finally {
    await boss.stop({ graceful: true, timeout: 5000, close: true })
  }
}

async function drain(boss, jobs, workers) {
  let left = jobs
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: workers }, async () => {
      while (left > 0) {
        const taken = await boss.fetch(PLAIN, { batchSize: batch })
        if (taken.length === 0) {
          if (left > 0) await new Promise(setImmediate)
          continue
        }
        await boss.complete(PLAIN, taken.map((job) => job.id))
        left -= taken.length
      }
    })
  )
  return (performance.now() - begun) / 1000
}

serve({
  setup: () =>
    withBoss(1, async (boss) => {
      await boss.createQueue(PLAIN)
      await boss.createQueue(NOTIFYING, { notify: true })
    }),

  enqueue: (jobs, callers) =>
    withBoss(callers, (boss) => together(callers, jobs, () => boss.send(PLAIN, {}))),

  load: (jobs) =>
    withBoss(1, async (boss) => {
      await boss.insert(PLAIN, Array.from({ length: jobs }, () => ({ data: {} })))
    }),

  drain: (jobs, workers) => withBoss(workers, (boss) => drain(boss, jobs, workers)),

  pickup: (workers, warmUp, probes) =>
    withBoss(workers + 1, async (boss) => {
      const probe = new Probe()
      await boss.work(NOTIFYING, { localConcurrency: workers, batchSize: 1 }, async () => probe.started())
      return probe.run(warmUp, probes, () => boss.send(NOTIFYING, {}))
    })
})
