package dev.slipway.common.openapi;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.replica.AgentName;
import dev.slipway.common.trace.TraceParent;
import java.util.regex.Pattern;
import org.springdoc.core.utils.SpringDocUtils;

/** The values that are texts of a certain form wherever they stand. */
final class Values {
  private Values() {}

  /** Has them described by their forms. */
  static void register() {
    register(AppName.class, AppName.FORM, "hello");
    register(RegionName.class, RegionName.FORM, "eu-west");
    register(MachineId.class, MachineId.FORM, "web-17");
    register(AgentName.class, AgentName.FORM, "agent-1");
    register(CommitSha.class, CommitSha.FORM, "c".repeat(40));
    register(Sha256.class, Sha256.FORM, "d".repeat(64));
    register(
        TraceParent.class, TraceParent.FORM, "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01");
  }

  private static void register(Class<?> type, Pattern form, String example) {
    var schema = Schemas.of("string");
    schema.setPattern("^" + form.pattern() + "$");
    schema.setExample(example);
    SpringDocUtils.getConfig().replaceWithSchema(type, schema);
  }
}
