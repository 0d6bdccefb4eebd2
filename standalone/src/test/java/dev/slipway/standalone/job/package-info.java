/** The state machine of jobs, over all services that move it. */
@org.jspecify.annotations.NullMarked
package dev.slipway.standalone.job;
