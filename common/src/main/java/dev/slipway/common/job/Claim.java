package dev.slipway.common.job;

/**
 * A worker's hold on a job: every write after the claim names it and does nothing where it no
 * longer holds.
 */
public record Claim(long job, int attempt, String worker) {}
