package dev.slipway.bench.queue;

import java.io.IOException;
import java.util.List;

/** A peer that runs on Node.js, in a process of its own. */
class NodePeer implements QueueSystem {
  private final String name;
  private final Kind kind;
  private final List<String> tables;
  final PeerProcess process;

  NodePeer(String name, Kind kind, List<String> tables, PeerProcess process) {
    this.name = name;
    this.kind = kind;
    this.tables = tables;
    this.process = process;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public List<String> tables() {
    return tables;
  }

  @Override
  public double enqueue(int jobs, int callers) throws IOException, InterruptedException {
    return Reply.one(process.call("enqueue", jobs, callers));
  }

  @Override
  public void load(int jobs) throws IOException, InterruptedException {
    process.call("load", jobs);
  }

  @Override
  public double drain(int jobs, int workers) throws IOException, InterruptedException {
    return Reply.one(process.call("drain", jobs, workers));
  }

  @Override
  public void close() {
    process.close();
  }
}
