package dev.slipway.deploy.console.audit;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The parts of the audit trail's page. */
@Configuration(proxyBeanMethods = false)
@Import(AuditPage.class)
public class AuditConfiguration {}
