using System.Buffers;
using System.Security.Cryptography;
using SimplexActors.Client.Connection;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;
using SimplexActors.Protocol.Transport.Forwarding;

namespace SimplexActors.Client;

/// <summary>
/// Commands to a relay through a proxy (S-345): each is encrypted for the relay with a key of its own, so the proxy sees
/// neither queue nor message and the relay does not see who asks. A failure that the proxy reports is a <see cref="ProxyRefusal"/>;
/// <see cref="RouterRefusal"/> is the relay's own answer.
/// <para>The session is over when the proxy's connection to the relay is: <c>NO_SESSION</c> says so, and
/// <see cref="SmpClient.OpenRelayAsync"/> opens another one.</para>
/// </summary>
public sealed class RelaySession : IDisposable
{
    private readonly SmpClient _proxy;
    private readonly PublicKey _relayKey;
    private readonly TransmissionFormat _format;
    private readonly AgreedKeys _agreedKeys;

    private RelaySession(SmpClient proxy, in EntityId sessionId, ushort version, PublicKey relayKey)
    {
        _proxy = proxy;
        _relayKey = relayKey;
        _format = new TransmissionFormat(version, sessionId.Bytes);
        _agreedKeys = new AgreedKeys(relayKey);
        SessionId = sessionId;
    }

    /// <summary>Of the session between proxy and relay.</summary>
    public EntityId SessionId { get; }

    /// <summary>In which commands are encoded.</summary>
    public ushort Version => _format.Version;

    /// <summary>The largest message that the version allows, in bytes (S-276).</summary>
    public int MaxBodyBytes => SmpSizes.MaxBody(Version);

    /// <summary><c>SEND</c>; see <see cref="SmpClient.SendAsync"/>.</summary>
    public SmpCall<SmpResponse> SendAsync(
        SenderQueue queue, ReadOnlyMemory<byte> body, bool notify = false, CancellationToken cancellation = default) =>
        ExecuteAsync(new SendCommand(notify, body), queue.SenderId, queue.Key, cancellation);

    /// <summary><c>SKEY</c>; see <see cref="SmpClient.SecureAsync(SenderQueue, CancellationToken)"/>.</summary>
    /// <exception cref="ArgumentException">The handle has no key.</exception>
    public SmpCall<SmpResponse> SecureAsync(SenderQueue queue, CancellationToken cancellation = default)
    {
        PrivateKey key = queue.Key ?? throw new ArgumentException("To secure a queue takes a key.", nameof(queue));
        return ExecuteAsync(new SkeyCommand(key.Public), queue.SenderId, key, cancellation);
    }

    /// <summary><c>LGET</c>; see <see cref="SmpClient.GetLinkAsync"/>.</summary>
    public SmpCall<ResolvedLink> GetLinkAsync(EntityId linkId, CancellationToken cancellation = default) =>
        new(ReadLinkAsync(SendAsync(LgetCommand.Instance, linkId, key: null, cancellation), key: null));

    /// <summary><c>LKEY</c>; see <see cref="SmpClient.SecureByLinkAsync"/>.</summary>
    public SmpCall<ResolvedLink> SecureByLinkAsync(EntityId linkId, PrivateKey senderKey, CancellationToken cancellation = default) =>
        new(ReadLinkAsync(SendAsync(new LkeyCommand(senderKey.Public), linkId, senderKey, cancellation), senderKey));

    /// <summary><c>RSLV</c>; see <see cref="SmpClient.ResolveAsync"/>. The relay does not learn who asks, the proxy not what is asked.</summary>
    public SmpCall<NameRecord> ResolveAsync(SimplexName name, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(ReadNameAsync(SendAsync(new RslvCommand(name.ToString()), EntityId.Empty, key: null, cancellation)));
    }

    /// <summary>Any command; relays refuse others than <c>SEND</c>, <c>SKEY</c>, <c>LKEY</c>, <c>LGET</c> and <c>RSLV</c> (S-348).</summary>
    public SmpCall<SmpResponse> ExecuteAsync(
        SmpCommand command, EntityId entity, PrivateKey? key = null, CancellationToken cancellation = default) =>
        new(SendAsync(command, entity, key, cancellation));

    /// <summary>Wipes what was agreed with the relay; the connection to the proxy stays.</summary>
    public void Dispose() => _agreedKeys.Dispose();

    /// <summary>Checks what the proxy says of the relay (S-343).</summary>
    internal static SmpResult<RelaySession> TryOpen(SmpClient proxy, RouterAddress relay, PkeyResponse pkey, SmpClientOptions options)
    {
        var own = new VersionRange(Math.Max(options.MinVersion, SmpVersion.Proxy), Math.Max(options.MaxVersion, SmpVersion.Proxy));
        if (own.Intersect(new VersionRange(pkey.MinVersion, pkey.MaxVersion)) is not { } common)
        {
            return new ConnectFailed(ConnectProblem.Version);
        }

        var chain = new CertificateChain([.. pkey.CertificateChain.Select(certificate => certificate.ToArray())]);
        if (chain.ValidateRouter(relay.Fingerprint.Bytes, options.Time.GetUtcNow()) is not ChainVerdict.Valid)
        {
            return new ConnectFailed(ConnectProblem.WrongRouter);
        }

        return SignedKey.TryDecode(pkey.SignedKey.Span) is { Key.Algorithm: KeyAlgorithm.X25519 } signed
            && chain.TryReadLeafKey() is { } leafKey && signed.IsSignedBy(leafKey)
            ? new RelaySession(proxy, pkey.SessionId, common.Max, signed.Key)
            : new ConnectFailed(ConnectProblem.BadKey);
    }

    private static async ValueTask<SmpResult<NameRecord>> ReadNameAsync(ValueTask<SmpResult<SmpResponse>> call)
    {
        SmpResult<SmpResponse> result = await call;
        return result.Succeeded ? SmpClient.ReadName(result.Value) : result.Failure;
    }

    private static async ValueTask<SmpResult<ResolvedLink>> ReadLinkAsync(ValueTask<SmpResult<SmpResponse>> call, PrivateKey? key)
    {
        SmpResult<SmpResponse> result = await call;
        return result.Succeeded ? ResolvedLink.Of((LnkResponse)result.Value, key) : result.Failure;
    }

    private async ValueTask<SmpResult<SmpResponse>> SendAsync(
        SmpCommand command, EntityId entity, PrivateKey? key, CancellationToken cancellation)
    {
        EntityId id = _proxy.NextCorrelationId();
        using var commandKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        if (!BoxKey.TryAgree(commandKey, _relayKey, out BoxKey secret))
        {
            return new ConnectFailed(ConnectProblem.BadKey);
        }

        try
        {
            byte[] box = GC.AllocateUninitializedArray<byte>(ForwardingSizes.Encrypted);
            if (Seal(box, command, id, entity, key, secret) is { } problem)
            {
                return problem;
            }

            var pfwd = new PfwdCommand(Version, commandKey.Public, box);
            SmpResult<SmpResponse> result = await _proxy.SendForwardedAsync(pfwd, SessionId, id, cancellation);
            return result.Succeeded ? Open((PresResponse)result.Value, command.Tag, id, secret) : ProxyRefusal.Of(result.Failure);
        }
        finally
        {
            secret.Clear();
        }
    }

    private SmpFailure? Seal(Span<byte> box, SmpCommand command, in EntityId id, in EntityId entity, PrivateKey? key, in BoxKey secret)
    {
        CommandKey? prepared = key is null ? null : _agreedKeys.Prepare(key);
        if (prepared is null && key is not null)
        {
            return new ConnectFailed(ConnectProblem.BadKey);
        }

        byte[] parameters = ArrayPool<byte>.Shared.Rent(Block.Length);
        var commandWriter = new WireWriter(parameters);
        SmpCommandWriter.Write(ref commandWriter, command, Version);
        var batch = new BlockWriter(ClientLayer.BatchOf(box));
        WireWriter writer = batch.Open();
        TransmissionWriter.WriteCommand(ref writer, _format, id, entity, commandWriter.Written, prepared);
        CryptographicOperations.ZeroMemory(parameters.AsSpan(0, commandWriter.Length));
        ArrayPool<byte>.Shared.Return(parameters);
        if (commandWriter.Overflowed || !batch.TryClose(writer))
        {
            return new CommandTooLarge(command.Tag);
        }

        Span<byte> nonce = stackalloc byte[SecretBox.NonceLength];
        ForwardingNonce.OfCommand(id, nonce);
        ClientLayer.Seal(secret, nonce, box, batch.ContentLength);
        return null;
    }

    private SmpResult<SmpResponse> Open(PresResponse pres, SmpCommandTag command, in EntityId id, in BoxKey secret)
    {
        Span<byte> nonce = stackalloc byte[SecretBox.NonceLength];
        ForwardingNonce.OfResponse(id, nonce);
        if (!ClientLayer.TryOpen(secret, nonce, pres.Encrypted.ToArray(), out Memory<byte> batch))
        {
            return new Undecipherable(command);
        }

        if (!TransmissionReader.TryOpen(_format, batch, out TransmissionReader reader) || reader.Count != 1
            || !reader.TryRead(out Transmission transmission) || transmission.Fault is not TransmissionFault.None
            || !SmpResponseParser.TryParse(transmission.Command, Version, out SmpResponse? response))
        {
            return new WrongAnswer(command);
        }

        return response is ErrResponse error ? new RouterRefusal(error.Error)
            : Answers.Fit(command, response) ? response
            : WrongAnswer.Of(command, transmission.Command.Span);
    }
}
