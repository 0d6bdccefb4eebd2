package dev.slipway.common.swarm;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.libtorrent4j.SessionParams;
import org.libtorrent4j.SettingsPack;
import org.libtorrent4j.alerts.Alert;
import org.libtorrent4j.swig.address;
import org.libtorrent4j.swig.error_code;
import org.libtorrent4j.swig.ip_filter;
import org.libtorrent4j.swig.settings_pack;
import org.libtorrent4j.swig.settings_pack.bool_types;
import org.libtorrent4j.swig.settings_pack.int_types;

/** How the engine is set: a closed swarm on fast networks, whose members come and go together. */
final class EngineSettings {
  private static final int ENCRYPTION_OFF = 2;
  private static final long GLOBAL_CLASS = 1;

  private EngineSettings() {}

  static SessionParams params(String host, int port, boolean tls) throws UnknownHostException {
    var settings = new SettingsPack();
    closed(settings);
    listen(settings, host, port, tls);
    prompt(settings);
    shared(settings);
    frugal(settings);
    var params = new SessionParams(settings);
    // The default maps files into memory. A full disk or a shortened file is then a SIGBUS, which
    // libtorrent catches by taking SIGSEGV and SIGBUS away from the JVM, that needs them itself.
    params.setPosixDiskIO();
    return params;
  }

  /** Nobody is found but through our trackers. */
  private static void closed(SettingsPack settings) {
    off(settings, bool_types.enable_dht);
    off(settings, bool_types.enable_lsd);
    off(settings, bool_types.enable_upnp);
    off(settings, bool_types.enable_natpmp);
    off(settings, bool_types.enable_incoming_utp);
    off(settings, bool_types.enable_outgoing_utp);
    off(settings, bool_types.enable_ip_notifier);
    settings.setDhtBootstrapNodes("");
    // trackers and web seeds are ours, and on private addresses
    off(settings, bool_types.ssrf_mitigation);
    set(settings, int_types.out_enc_policy, ENCRYPTION_OFF);
    on(settings, bool_types.announce_to_all_trackers);
    on(settings, bool_types.announce_to_all_tiers);
    // Whoever lacks something calls. Two who have everything would call each other every other
    // second for good: they hang up before they know that there is nothing to say.
    off(settings, bool_types.seeding_outgoing_connections);
  }

  private static void listen(SettingsPack settings, String host, int port, boolean tls)
      throws UnknownHostException {
    var ip = InetAddress.getByName(host);
    var literal =
        ip instanceof Inet6Address ? "[" + ip.getHostAddress() + "]" : ip.getHostAddress();
    settings.listenInterfaces(literal + ":" + port + (tls ? "s" : ""));
    off(settings, bool_types.listen_system_port_fallback);
    set(settings, int_types.max_retry_port_bind, 0);
    set(settings, int_types.listen_queue_size, 128);
  }

  /** Peers and web seeds are used at once, and again soon after they failed. */
  private static void prompt(SettingsPack settings) {
    off(settings, bool_types.smooth_connects);
    set(settings, int_types.tick_interval, 100);
    set(settings, int_types.connection_speed, 200);
    set(settings, int_types.torrent_connect_boost, Tracker.MOST_ANSWERED);
    set(settings, int_types.num_want, Tracker.MOST_ANSWERED);
    set(settings, int_types.peer_connect_timeout, 5);
    set(settings, int_types.min_reconnect_time, 2);
    set(settings, int_types.max_failcount, 20);
    set(settings, int_types.min_announce_interval, 5);
    set(settings, int_types.tracker_backoff, 10);
    set(settings, int_types.tracker_completion_timeout, 10);
    set(settings, int_types.tracker_receive_timeout, 5);
    set(settings, int_types.stop_tracker_timeout, 1);
    set(settings, int_types.urlseed_wait_retry, 2);
    set(settings, int_types.urlseed_timeout, 10);
    // small portions, so that peers and web seeds share the work and the origin is spared
    set(settings, int_types.urlseed_max_request_bytes, 1 << 20);
  }

  /** What spreads an artifact to many at once best, as measured. */
  private static void shared(SettingsPack settings) {
    on(settings, bool_types.allow_multiple_connections_per_ip);
    set(settings, int_types.request_queue_time, 1);
    // each member has pieces that were dealt to it alone: all others need them
    set(settings, int_types.unchoke_slots_limit, UploadSlots.MOST);
    set(settings, int_types.unchoke_interval, 5);
    set(settings, int_types.optimistic_unchoke_interval, 10);
  }

  private static void frugal(SettingsPack settings) {
    set(settings, int_types.aio_threads, 1);
    set(settings, int_types.hashing_threads, 1);
    set(settings, int_types.connections_limit, 200);
    set(settings, int_types.alert_queue_size, 2_000);
    set(
        settings,
        int_types.alert_mask,
        Alert.ERROR_NOTIFICATION
            .or_(Alert.STATUS_NOTIFICATION)
            .or_(Alert.STORAGE_NOTIFICATION)
            .or_(Alert.PEER_NOTIFICATION)
            .to_int());
  }

  /** The change of one setting of a running engine. */
  static settings_pack uploadSlots(int slots) {
    var change = new settings_pack();
    change.set_int(int_types.unchoke_slots_limit.swigValue(), slots);
    return change;
  }

  /**
   * As {@link #uploadSlots}, of what passes over all swarms together.
   *
   * @param download bytes a second; 0 for no limit, as the engine has it too
   */
  static settings_pack limits(long download, long upload) {
    var change = new settings_pack();
    change.set_int(int_types.download_rate_limit.swigValue(), bounded(download));
    change.set_int(int_types.upload_rate_limit.swigValue(), bounded(upload));
    return change;
  }

  private static int bounded(long limit) {
    return (int) Math.min(limit, Integer.MAX_VALUE);
  }

  /**
   * Private and loopback addresses are of the class "local", for which choking and limits do not
   * hold: this puts everybody into the global one.
   */
  static ip_filter everybodyGlobal() {
    var error = new error_code();
    var filter = new ip_filter();
    filter.add_rule(
        address.from_string("0.0.0.0", error),
        address.from_string("255.255.255.255", error),
        GLOBAL_CLASS);
    filter.add_rule(
        address.from_string("::", error),
        address.from_string("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", error),
        GLOBAL_CLASS);
    return filter;
  }

  private static void on(SettingsPack settings, bool_types name) {
    settings.setBoolean(name.swigValue(), true);
  }

  private static void off(SettingsPack settings, bool_types name) {
    settings.setBoolean(name.swigValue(), false);
  }

  private static void set(SettingsPack settings, int_types name, int value) {
    settings.setInteger(name.swigValue(), value);
  }
}
