using SimplexActors.Client.Connection;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport.Forwarding;

namespace SimplexActors.Client;

/// <summary>Private routing: what a client asks of its proxy, and what a proxy asks of a relay (section 22 of the specification).</summary>
public sealed partial class SmpClient
{
    /// <summary>
    /// <c>PRXY</c>: has this router connect to another one, the relay, and send commands there for the client, so that the
    /// relay does not learn the client's address. The relay's key is verified here: the proxy cannot take its place.
    /// </summary>
    /// <param name="relay">Whom the commands are for.</param>
    /// <param name="password">Of the proxy; null: that of the address which this client connected to.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>
    /// Fails with a <see cref="ProxyRefusal"/> when the proxy does not reach the relay or does not serve the client, with a
    /// <see cref="ConnectFailed"/> when the relay is not the one that its address names.
    /// </returns>
    public SmpCall<RelaySession> OpenRelayAsync(RouterAddress relay, string? password = null, CancellationToken cancellation = default) =>
        new(OpenAsync(relay, password, cancellation));

    /// <summary>
    /// <c>RFWD</c>: what a proxy does with a <c>PFWD</c>; this client has to be one (<see cref="SmpClientOptions.ProxyServer"/>).
    /// </summary>
    /// <param name="correlationId">Of the <c>PFWD</c>.</param>
    /// <param name="command">The <c>PFWD</c>; not used any more when the method returns.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What <c>PRES</c> carries. Fails with <see cref="Undecipherable"/> when the answer does not decrypt.</returns>
    /// <exception cref="InvalidOperationException">The client is no proxy, or the session has no keys.</exception>
    public SmpCall<ReadOnlyMemory<byte>> ForwardAsync(EntityId correlationId, PfwdCommand command, CancellationToken cancellation = default)
    {
        ProxySecret secret = Relay?.Secret ?? throw new InvalidOperationException("Only a proxy with a session secret forwards.");
        EntityId id = _ids.Next();
        byte[] box = new byte[ProxyLayer.LengthOfCommand(correlationId, command)];
        Span<byte> nonce = stackalloc byte[SecretBox.NonceLength];
        ForwardingNonce.OfCommand(id, nonce);
        ProxyLayer.SealCommand(secret.Key, nonce, box, correlationId, command);
        var rfwd = new CommandToSend(new RfwdCommand(box), EntityId.Empty, CorrelationId: id);
        return new(Convert(rfwd, response => OpenForwarded(secret, id, response), cancellation));
    }

    /// <summary>What a proxy keeps of the handshake; null for other clients.</summary>
    public RelayCredential? Relay => _connection.Relay;

    /// <summary>A correlation id of this session for somebody who encrypts with it.</summary>
    internal EntityId NextCorrelationId() => _ids.Next();

    /// <summary>Sends <c>PFWD</c>; the proxy has to wait for the relay, so the limit is twice as long.</summary>
    internal ValueTask<SmpResult<SmpResponse>> SendForwardedAsync(
        PfwdCommand command, EntityId relaySession, EntityId correlationId, CancellationToken cancellation) =>
        StartAsync(
            new CommandToSend(command, relaySession, CorrelationId: correlationId, Timeout: 2 * _options.ResponseTimeout), cancellation);

    private async ValueTask<SmpResult<RelaySession>> OpenAsync(RouterAddress relay, string? password, CancellationToken cancellation)
    {
        if (Version < SmpVersion.Proxy)
        {
            return new VersionTooLow(SmpCommandTag.PRXY, SmpVersion.Proxy);
        }

        var prxy = new PrxyCommand(relay.Hosts, relay.Port, relay.Fingerprint, password ?? _router.Password);
        TimeSpan limit = _options.ConnectTimeout + _options.ResponseTimeout;
        SmpResult<SmpResponse> result = await StartAsync(new CommandToSend(prxy, EntityId.Empty, Timeout: limit), cancellation);
        return !result.Succeeded
            ? ProxyRefusal.Of(result.Failure)
            : RelaySession.TryOpen(this, relay, (PkeyResponse)result.Value, _options);
    }

    private static SmpResult<ReadOnlyMemory<byte>> OpenForwarded(ProxySecret secret, EntityId correlationId, SmpResponse response)
    {
        byte[] box = ((RresResponse)response).Encrypted.ToArray();
        Span<byte> nonce = stackalloc byte[SecretBox.NonceLength];
        ForwardingNonce.OfResponse(correlationId, nonce);
        return !ProxyLayer.TryOpen(secret.Key, nonce, box, out Memory<byte> opened) ? new Undecipherable(SmpCommandTag.RFWD)
            : ProxyLayer.ReadResponse(opened) is { } encrypted ? encrypted
            : new WrongAnswer(SmpCommandTag.RFWD) { Problem = SmpError.Block };
    }
}
