using System.Diagnostics;
using System.Security.Cryptography;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Bench.Smp;

/// <summary>
/// The cryptography that a router cannot avoid for one message, and nothing else: TLS records and encrypted blocks of
/// SEND and ACK opened, of OK, MSG and OK sealed, the message encrypted for its recipient, two commands verified.
/// </summary>
internal static class CryptographicFloor
{
    private const int BlocksReceived = 2;
    private const int BlocksSent = 3;
    private const int TagBytes = 16;

    /// <summary>Milliseconds of CPU per message, the median of several rounds on one thread.</summary>
    public static double MillisecondsPerMessage(KeyAlgorithm keys, int bodyBytes)
    {
        double[] rounds = [.. Enumerable.Range(0, 7).Select(_ => Round(keys, bodyBytes)).Order()];
        return rounds[rounds.Length / 2];
    }

    private static double Round(KeyAlgorithm keys, int bodyBytes)
    {
        const int messages = 200;
        using var work = new Work(keys, bodyBytes);
        work.Message();
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < messages; i++)
        {
            work.Message();
        }

        return Stopwatch.GetElapsedTime(began).TotalMilliseconds / messages;
    }

    private sealed class Work : IDisposable
    {
        private readonly ChaCha20Poly1305 _tls = new(RandomNumberGenerator.GetBytes(32));
        private readonly SecretChain _chain;
        private readonly SecretChain _peerChain;
        private readonly byte[] _block = new byte[Block.Length];
        private readonly byte[] _record = new byte[Block.Length];
        private readonly byte[] _tag = new byte[TagBytes];
        private readonly byte[] _nonce = new byte[12];
        private readonly byte[] _boxNonce = new byte[SecretBox.NonceLength];
        private readonly byte[] _message = new byte[SmpSizes.EncryptedBodyBytes];
        private readonly byte[] _body;
        private readonly BoxKey _key = new(RandomNumberGenerator.GetBytes(BoxKey.Length));
        private readonly KeyAlgorithm _keys;
        private readonly PrivateKey _signer = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        private readonly byte[] _command;
        private readonly byte[] _signature = new byte[64];
        private readonly byte[] _authenticator = new byte[Authenticator.Length];
        private readonly byte[] _hash = new byte[64];
        private readonly byte[] _messageId = EntityId.Random().ToArray();

        public Work(KeyAlgorithm keys, int bodyBytes)
        {
            _keys = keys;
            _body = RandomNumberGenerator.GetBytes(bodyBytes);
            _command = RandomNumberGenerator.GetBytes(bodyBytes + 100);
            (_chain, _peerChain) = SecretChain.Start(new byte[32], new byte[32]);
            _signer.Sign(_command, _signature);
            SHA512.HashData(_command, _hash);
            Authenticator.Make(_key, _boxNonce, _hash, _authenticator);
        }

        public void Message()
        {
            for (int i = 0; i < BlocksReceived; i++)
            {
                // Opening costs what sealing does; sealing needs no valid input.
                SealBlock();
            }

            for (int i = 0; i < BlocksSent; i++)
            {
                SealBlock();
            }

            MessageBody.Encrypt(_message, _key, _messageId, 0, notify: false, _body);
            Verify(_command);
            Verify(_command.AsSpan(0, 100));
        }

        public void Dispose()
        {
            _tls.Dispose();
            _chain.Dispose();
            _peerChain.Dispose();
            _signer.Dispose();
        }

        private void SealBlock()
        {
            _chain.Step(out BoxKey key, _boxNonce);
            SecretBox.Seal(key, _boxNonce, _block);
            _tls.Encrypt(_nonce, _block, _record, _tag);
        }

        private void Verify(ReadOnlySpan<byte> command)
        {
            if (_keys is KeyAlgorithm.Ed25519)
            {
                _ = Signature.Verify(_signer.Public, command, _signature);
            }
            else
            {
                SHA512.HashData(command, _hash);
                _ = Authenticator.Verify(_key, _boxNonce, _hash, _authenticator);
            }
        }
    }
}
