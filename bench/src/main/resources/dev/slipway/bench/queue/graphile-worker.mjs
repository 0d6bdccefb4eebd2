// graphile-worker behind the protocol: node graphile-worker.mjs URL BATCH. A batch of 1 is one job at a time; more is
// its local queue of that size, with completions written in batches, as its page on performance has it.
import { EventEmitter } from 'node:events'
import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import pg from 'pg'
import { Probe, pause, serve, together } from './protocol.mjs'

const [url, batch] = [process.argv[2], Number(process.argv[3])]
const logger = new Logger(() => (level, message) => {
  if (level === 'error') console.error(message)
})
const preset = {
  worker: batch === 1 ? {} : { localQueue: { size: batch }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }
}

async function withPool(connections, work) {
  const pool = new pg.Pool({ connectionString: url, max: connections })
  pool.on('error', (failed) => console.error(failed))
  pool.on('connect', (client) => client.on('error', (failed) => console.error(failed)))
  try {
    await Promise.all(Array.from({ length: connections }, () => pool.query('select pg_sleep(0.05)')))
    return await work(pool)
  } finally {
    await pool.end()
  }
}

const withUtils = (connections, work) =>
  withPool(connections, async (pgPool) => {
    const utils = await makeWorkerUtils({ pgPool, logger })
    try {
      return await work(utils, pgPool)
    } finally {
      await utils.release()
    }
  })

// its documentation advises two connections more than there are workers
async function withRunner(workers, body, events, work) {
  return withPool(workers + 2, async (pgPool) => {
    const runner = await run({
      pgPool, logger, preset, events, concurrency: workers, noHandleSignals: true, taskList: { noop: body }
    })
    try {
      return await work(pgPool)
    } finally {
      await runner.stop()
    }
  })
}

async function drain(jobs, workers) {
  const events = new EventEmitter()
  let left = jobs
  let begun = 0
  // from the first start on: what the runner does before it is not the queue's work
  events.on('job:start', () => (begun ||= performance.now()))
  const finished = new Promise((resume) => events.on('job:complete', () => --left === 0 && resume()))
  return withRunner(workers, async () => {}, events, async (pool) => {
    await finished
    // the event of a batch may come before its write
    while ((await pool.query('select 1 from graphile_worker._private_jobs limit 1')).rowCount > 0) await pause(1)
    return (performance.now() - begun) / 1000
  })
}

serve({
  setup: () => withUtils(1, (utils) => utils.migrate()),

  enqueue: (jobs, callers) =>
    withUtils(callers, (utils) => together(callers, jobs, () => utils.addJob('noop', {}))),

  load: (jobs) =>
    withUtils(1, async (utils) => {
      await utils.addJobs(Array.from({ length: jobs }, () => ({ identifier: 'noop', payload: {} })))
    }),

  drain,

  pickup: (workers, warmUp, probes) =>
    withUtils(1, async (utils) => {
      const probe = new Probe()
      return withRunner(workers, async () => probe.started(), new EventEmitter(), () =>
        probe.run(warmUp, probes, () => utils.addJob('noop', {}))
      )
    })
})
